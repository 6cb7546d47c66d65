import { Router } from 'express';
import { z } from 'zod';
import type { Identity } from '../identity.js';
import type { Sessions } from '../sessions.js';

const credentials = z.object({ email: z.email().toLowerCase(), password: z.string().min(10).max(200) });

export function auth(identity: Identity, sessions: Sessions): Router {
  const router = Router();

  router.post('/auth/register', async (request, response) => {
    const { email, password } = credentials.parse(request.body);
    if (!(await identity.register(email, password))) {
      response.status(409).json({ error: 'there is such a user already' });
      return;
    }
    response.status(201).json({ token: await sessions.begin(email) });
  });

  router.post('/auth/login', async (request, response) => {
    const { email, password } = credentials.parse(request.body);
    if (!(await identity.knows(email, password))) {
      response.status(401).json({ error: 'no such user, or another password' });
      return;
    }
    response.json({ token: await sessions.begin(email) });
  });
  return router;
}
