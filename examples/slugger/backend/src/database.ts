import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Environment } from './environment.js';
import { log } from './log.js';

/** How long a query may wait: a health check has to answer before it is given up. */
const patience = 2000;

export function openDatabase(environment: Environment): pg.Pool {
  const pool = new pg.Pool({
    host: environment.DB_HOST,
    port: environment.DB_PORT,
    database: environment.DB_NAME,
    user: environment.DB_USERNAME,
    password: environment.DB_PASSWORD,
    ssl: environment.DB_CA ? { ca: environment.DB_CA, rejectUnauthorized: true } : false,
    max: 10,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
  });
  // An idle connection that breaks is replaced by the next query; unheard, it would end the process.
  pool.on('error', (error) => log('warn', 'a connection to the database broke', { reason: error.message }));
  return pool;
}

/** Waits until the database answers, which may be later than the task starts. */
export async function waitFor(database: pg.Pool, attempts = 8): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await database.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt === attempts) throw new Error(`the database did not answer in ${attempts} attempts`, { cause: error });
      log('warn', 'the database does not answer yet', { attempt, attempts, reason: String(error) });
      await pause(Math.min(250 * 2 ** attempt, 5000));
    }
  }
}
