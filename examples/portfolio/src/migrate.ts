/** Brings the schema to its newest version, and ends: a task of its own before each deployment. */
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database.js';
import { readEnvironment } from './environment.js';
import { JsonLogger } from './operations/json-logger.js';

const logger = new JsonLogger();

async function main(): Promise<void> {
  const options = databaseOptions(readEnvironment(process.env).database);
  // A migration may take longer than a query.
  const source = new DataSource({ ...options, extra: {} } as typeof options);
  await source.initialize();
  try {
    const ran = await source.runMigrations({ transaction: 'each' });
    const names = ran.map((migration) => migration.name).join(', ');
    logger.log(ran.length > 0 ? `ran ${names}` : 'the schema is up to date', 'migrate');
  } finally {
    await source.destroy();
  }
}

main().catch((error: unknown) => {
  logger.error(`the migration failed: ${String(error)}`, 'migrate');
  process.exitCode = 1;
});
