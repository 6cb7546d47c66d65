import { setTimeout as pause } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Environment } from '@rms/environment';
import type { FastifyBaseLogger } from 'fastify';
import type { ClientConfig } from 'pg';
import { PrismaClient } from './generated/client.js';

/** How long a query may wait for the database: a health check has to answer before it is given up. */
const patience = 2000;

export type Target = Pick<Environment, 'DATABASE_URL' | 'DATABASE_CA' | 'DATABASE_POOL'>;

/** Where the database is, and how its certificate is verified. */
export function connection({ DATABASE_URL, DATABASE_CA }: Target): ClientConfig {
  return { connectionString: DATABASE_URL, ssl: DATABASE_CA ? { ca: DATABASE_CA, rejectUnauthorized: true } : false };
}

export function openDatabase(target: Target): PrismaClient {
  const adapter = new PrismaPg({
    ...connection(target),
    max: target.DATABASE_POOL,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
  });
  return new PrismaClient({ adapter });
}

export async function isThere(database: PrismaClient): Promise<boolean> {
  try {
    await database.$queryRaw`SELECT 1`;
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until the database answers. It may come up later than the task, after a failover for instance.
 *
 * @throws Error when the attempts are used up
 */
export async function waitFor(database: PrismaClient, log: FastifyBaseLogger, attempts = 8): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await isThere(database)) return;
    const wait = Math.min(250 * 2 ** attempt, 5000);
    log.warn({ attempt, attempts, wait }, 'the database does not answer yet');
    if (attempt < attempts) await pause(wait);
  }
  throw new Error(`the database did not answer in ${attempts} attempts`);
}
