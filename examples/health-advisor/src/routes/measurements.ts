import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../database.js';

const measurement = z.object({ kind: z.enum(['weight', 'pulse', 'sleep']), value: z.number().positive() });

/** A user's measurements; nobody sees those of others. */
export function measurements(database: Database): Router {
  const router = Router();

  router.get('/measurements', async (_request, response) => {
    const user = String(response.locals['user']);
    const found = database.measurements.find({ user }).sort({ at: -1 }).limit(100);
    response.json(await found.map(({ kind, value, at }) => ({ kind, value, at })).toArray());
  });

  router.post('/measurements', async (request, response) => {
    const made = { ...measurement.parse(request.body), at: new Date() };
    await database.measurements.insertOne({ user: String(response.locals['user']), ...made });
    response.status(201).json(made);
  });
  return router;
}
