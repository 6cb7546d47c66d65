import cors from 'cors';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Pool } from 'pg';
import { ZodError } from 'zod';
import { client } from './client.js';
import { Documents } from './documents.js';
import type { Environment } from './environment.js';
import { makeIdentity } from './identity.js';
import { log, observe } from './log.js';
import { assessments } from './routes/assessments.js';
import { auth } from './routes/auth.js';
import { health } from './routes/health.js';
import { Sessions } from './sessions.js';

export function makeApp(environment: Environment, database: Pool): Express {
  const { S3_BUCKET_NAME: bucket, AWS_REGION: region, CLIENT_DIRECTORY: directory } = environment;
  const identity = makeIdentity(environment, database);
  const sessions = new Sessions(database);
  const documents = bucket ? new Documents(bucket, region) : undefined;

  const api = express.Router();
  api.use(cors({ origin: environment.CORS_ORIGINS, credentials: true, maxAge: 86_400 }));
  api.use(health(database, documents, identity));
  api.use(express.json({ limit: '100kb' }));
  api.use(auth(identity, sessions));
  api.use(sessions.required);
  api.use(assessments(database, documents));
  api.use((_request, response) => {
    response.status(404).json({ error: 'there is nothing here' });
  });

  const app = express();
  app.set('trust proxy', 1);
  app.use(observe);
  app.use(
    helmet({
      frameguard: { action: 'deny' },
      strictTransportSecurity: { maxAge: 31_536_000 },
      // HSTS does it where there is HTTPS; where there is none, pages would lose their scripts.
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    }),
  );
  app.use('/api', api);
  if (directory) app.use(client(directory));
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
