import { Router } from 'express';
import type { Pool } from 'pg';
import type { Documents } from '../documents.js';
import type { Identity } from '../identity.js';

type State = 'up' | 'down' | 'absent';

/** 200 if everything that is not absent by configuration is up, else 503. */
export function health(database: Pool, documents: Documents | undefined, identity: Identity): Router {
  return Router().get('/health', async (_request, response) => {
    const answers = await Promise.all([answersQueries(database), documents?.isThere(), identity.isThere()]);
    const [db, s3, cognito] = answers.map(state);
    const healthy = !answers.includes(false);
    response.status(healthy ? 200 : 503).json({
      status: healthy ? 'healthy' : 'unhealthy',
      timestamp: new Date().toISOString(),
      services: { db, s3, cognito },
    });
  });
}

async function answersQueries(database: Pool): Promise<boolean> {
  try {
    await database.query('SELECT 1');
    return true;
  } catch {
    return false;
  }
}

function state(there: boolean | undefined): State {
  if (there === undefined) return 'absent';
  return there ? 'up' : 'down';
}
