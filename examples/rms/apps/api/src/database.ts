import { PrismaPg } from '@prisma/adapter-pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { PrismaClient } from './generated/client.js';

/** How long a query may wait for the database: a health check has to answer before it is given up. */
const patience = 2000;

export function openDatabase(url: string, pool: number): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: url,
    max: pool,
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
