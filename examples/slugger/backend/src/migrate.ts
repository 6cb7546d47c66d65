/** Brings the schema to its newest version, and ends: a task of its own before each deployment. */
import { readdir, readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { openDatabase } from './database.js';
import { readEnvironment } from './environment.js';
import { log } from './log.js';

const folder = new URL('../migrations/', import.meta.url);

/** Two migrations never run at once. */
const lock = 3_001_061;

/** The names of the files that were run. */
export async function migrate(database: Pool): Promise<string[]> {
  const client = await database.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    await client.query('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, ran_at TIMESTAMPTZ DEFAULT now())');
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const done = new Set(rows.map((row) => row.name));
    const fresh = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !done.has(name)).sort();
    for (const name of fresh) await run(client, name);
    return fresh;
  } finally {
    // Not back into the pool: its end gives the lock back.
    client.release(true);
  }
}

/** All of a file or nothing, with its entry. */
async function run(client: PoolClient, name: string): Promise<void> {
  await client.query('BEGIN');
  await client.query(await readFile(new URL(name, folder), 'utf8'));
  await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
  await client.query('COMMIT');
}

if (import.meta.filename === process.argv[1]) {
  const database = openDatabase(readEnvironment(process.env));
  const ran = await migrate(database);
  log('info', ran.length > 0 ? `ran ${ran.join(', ')}` : 'the schema is up to date');
  await database.end();
}
