import { Router } from 'express';
import { MongoServerError } from 'mongodb';
import { z } from 'zod';
import type { Database } from '../database.js';
import { hash, matches } from '../passwords.js';
import type { Tokens } from '../tokens.js';

const credentials = z.object({ email: z.email().toLowerCase(), password: z.string().min(10).max(200) });
const renewal = z.object({ refreshToken: z.string() });
const duplicate = 11_000;

export function auth(database: Database, tokens: Tokens): Router {
  const router = Router();

  router.post('/auth/register', async (request, response) => {
    const { email, password } = credentials.parse(request.body);
    try {
      await database.users.insertOne({ email, password: await hash(password) });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === duplicate)) throw error;
      response.status(409).json({ error: 'there is such a user already' });
      return;
    }
    response.status(201).json(await tokens.pair(email));
  });

  router.post('/auth/login', async (request, response) => {
    const { email, password } = credentials.parse(request.body);
    const user = await database.users.findOne({ email });
    if (!user || !(await matches(password, user.password))) {
      response.status(401).json({ error: 'no such user, or another password' });
      return;
    }
    response.json(await tokens.pair(email));
  });

  router.post('/auth/refresh', async (request, response) => {
    const user = await tokens.user(renewal.parse(request.body).refreshToken, 'refresh');
    if (user === undefined) {
      response.status(401).json({ error: 'a valid refresh token is needed' });
      return;
    }
    response.json(await tokens.pair(user));
  });
  return router;
}
