import cors from 'cors';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Pool } from 'pg';
import { ZodError } from 'zod';
import type { Environment } from './environment.js';
import { log, observe } from './log.js';
import { players } from './players.js';

export function makeApp(environment: Pick<Environment, 'TOKEN_SECRET' | 'CORS_ORIGIN'>, database: Pool): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(observe, express.json({ limit: '100kb' }));
  if (environment.CORS_ORIGIN) app.use(cors({ origin: environment.CORS_ORIGIN }));

  app.get('/api/health', async (_request, response) => {
    const up = await database.query('SELECT 1').then(() => true, () => false);
    response.status(up ? 200 : 503).json({ status: up ? 'healthy' : 'unhealthy', database: up ? 'up' : 'down', uptime: process.uptime() });
  });
  app.use('/api', players(database, environment.TOKEN_SECRET));
  app.use((_request, response) => {
    response.status(404).json({ error: 'there is nothing here' });
  });
  app.use(explain);
  return app;
}

const explain: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof ZodError) {
    const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    response.status(400).json({ error: faults.join('; ') });
    return;
  }
  // What the framework itself refuses, such as a body that is not JSON, says its status.
  const status = typeof error?.status === 'number' ? error.status : 500;
  if (status >= 500) log('error', 'request failed', { error: String(error), stack: error?.stack });
  response.status(status).json({ error: status >= 500 ? 'something went wrong' : String(error.message) });
};
