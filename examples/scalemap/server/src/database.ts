import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Environment } from './environment.js';
import { log } from './log.js';

/** How long a query may wait: a health check has to answer before it is given up. */
const patience = 2000;

type Target = Pick<Environment, 'DATABASE_URL' | 'DATABASE_CA' | 'DATABASE_POOL'>;

/** Encrypted, and with a certificate that is verified: without both there is no connection. */
export function openDatabase(target: Target): pg.Pool {
  const pool = new pg.Pool({
    connectionString: target.DATABASE_URL,
    ssl: { ca: target.DATABASE_CA, rejectUnauthorized: true },
    max: target.DATABASE_POOL,
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
