import cors from 'cors';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { ZodError } from 'zod';
import type { Database } from './database.js';
import type { Environment } from './environment.js';
import { log, observe } from './log.js';
import { advice } from './routes/advice.js';
import { auth } from './routes/auth.js';
import { health } from './routes/health.js';
import { measurements } from './routes/measurements.js';
import { Tokens } from './tokens.js';

export function makeApp(environment: Environment, database: Database): Express {
  const tokens = new Tokens(environment);
  const app = express();
  // The client's address is the one that the load balancer wrote down.
  app.set('trust proxy', 1);
  app.use(observe, helmet());
  app.use(health(database));

  const api = express.Router();
  api.use(cors({ origin: environment.CORS_ORIGIN === '*' ? '*' : environment.CORS_ORIGIN.split(',') }));
  api.use(
    rateLimit({
      windowMs: environment.RATE_LIMIT_WINDOW_MS,
      limit: environment.RATE_LIMIT_MAX,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      message: { error: 'too many requests' },
    }),
  );
  api.use(express.json({ limit: '100kb' }));
  api.use(auth(database, tokens));
  api.use(tokens.required);
  api.use(measurements(database), advice(database, environment));
  app.use(environment.API_PREFIX, api);

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
