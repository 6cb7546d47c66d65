/**
 * Brings the database to the newest version of the schema: `prisma migrate deploy` without its engine.
 *
 * Runs what is new in prisma/migrations, in order, and keeps account of it as Prisma does, so that
 * Prisma's own command can take over at any time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { readEnvironment } from '@rms/environment';
import pg from 'pg';
import { connection, type Target } from './database.js';

const folder = new URL('../prisma/migrations/', import.meta.url);

/** The lock that Prisma takes: two migrations never run at once. */
const lock = 72_707_369;

const account = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** The names of the migrations that were run. */
export async function migrate(target: Target): Promise<string[]> {
  const client = new pg.Client({ ...connection(target), connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    await client.query(account);
    const { rows } = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const done = new Set(rows.map((row) => row.migration_name));
    const fresh = (await migrations()).filter((name) => !done.has(name));
    for (const name of fresh) await run(client, name);
    return fresh;
  } finally {
    await client.end();
  }
}

async function migrations(): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/** All of a migration or nothing, with its entry. */
async function run(client: pg.Client, name: string): Promise<void> {
  const sql = await readFile(new URL(`${name}/migration.sql`, folder), 'utf8');
  const checksum = createHash('sha256').update(sql).digest('hex');
  await client.query('BEGIN');
  await client.query(sql);
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
  await client.query('COMMIT');
}

if (import.meta.filename === process.argv[1]) {
  const ran = await migrate(readEnvironment(process.env));
  const message = ran.length > 0 ? `ran ${ran.join(', ')}` : 'the schema is up to date';
  process.stdout.write(`${JSON.stringify({ timestamp: new Date(), level: 'info', service: 'rms-migrate', message })}\n`);
}
