import { timingSafeEqual, createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';

const player = z
  .object({ name: z.string().min(1).max(100), atBats: z.int().min(0), hits: z.int().min(0) })
  .refine(({ atBats, hits }) => hits <= atBats, 'nobody hits more often than they bat');

/** Everybody sees the players; who has the token adds some. */
export function players(database: Pool, token: string): Router {
  const router = Router();

  router.get('/players', async (_request, response) => {
    const statement = 'SELECT id, name, at_bats AS "atBats", hits FROM players ORDER BY name LIMIT 500';
    response.json((await database.query(statement)).rows);
  });

  router.post('/players', required(token), async (request, response) => {
    const { name, atBats, hits } = player.parse(request.body);
    const statement = `INSERT INTO players (name, at_bats, hits) VALUES ($1, $2, $3)
      ON CONFLICT (name) DO UPDATE SET at_bats = excluded.at_bats, hits = excluded.hits RETURNING id`;
    const { rows } = await database.query<{ id: number }>(statement, [name, atBats, hits]);
    response.status(201).json({ id: rows[0]?.id, name, atBats, hits });
  });
  return router;
}

function required(token: string): RequestHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) next();
    else response.status(401).json({ error: 'a token is needed' });
  };
}
