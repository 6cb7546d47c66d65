import type { DataSourceOptions } from 'typeorm';
import type { DatabaseEnvironment } from './environment.js';
import { CreateProjects1761700000000 } from './migrations/1761700000000-CreateProjects.js';
import { Project } from './projects/project.entity.js';

/** How long a query may wait: a health check has to answer before it is given up. */
const patience = 2000;

/** Encrypted, and with a certificate that is verified: without both there is no connection. */
export function databaseOptions({ url, certificates, pool }: DatabaseEnvironment): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    ssl: { ca: certificates, rejectUnauthorized: true },
    poolSize: pool,
    connectTimeoutMS: patience,
    extra: { query_timeout: patience },
    entities: [Project],
    migrations: [CreateProjects1761700000000],
    // The schema changes by migrations alone: see migrate.ts.
    synchronize: false,
  };
}
