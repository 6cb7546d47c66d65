import { type Response, Router } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Documents } from '../documents.js';

const answers = z.array(z.object({ domain: z.int().min(1).max(12), question: z.string(), value: z.int() })).min(1);
const document = z.object({ name: z.string().regex(/^[\w.-]{1,100}$/), type: z.string() });

interface Assessment {
  id: number;
  status: 'open' | 'submitted';
}

/** A user's assessments; nobody sees those of others. */
export function assessments(database: Pool, documents: Documents | undefined): Router {
  const router = Router();

  async function find(id: string, response: Response): Promise<Assessment | undefined> {
    const statement = 'SELECT id, status FROM assessments WHERE id = $1 AND email = $2';
    const { rows } = await database.query<Assessment>(statement, [z.coerce.number().int().parse(id), response.locals['email']]);
    if (!rows[0]) response.status(404).json({ error: 'there is no such assessment' });
    return rows[0];
  }

  router.get('/assessments', async (_request, response) => {
    const statement = 'SELECT id, status FROM assessments WHERE email = $1 ORDER BY id DESC LIMIT 100';
    response.json((await database.query<Assessment>(statement, [response.locals['email']])).rows);
  });

  router.post('/assessments', async (_request, response) => {
    const statement = 'INSERT INTO assessments (email) VALUES ($1) RETURNING id, status';
    response.status(201).json((await database.query<Assessment>(statement, [response.locals['email']])).rows[0]);
  });

  router.post('/assessments/:id/responses', async (request, response) => {
    const assessment = await find(request.params.id, response);
    if (!assessment) return;
    const given = answers.parse(request.body);
    await database.query(
      `INSERT INTO assessment_responses (assessment_id, domain_id, question_id, response_value)
       SELECT $1, * FROM unnest($2::int[], $3::text[], $4::int[])
       ON CONFLICT (assessment_id, domain_id, question_id) DO UPDATE SET response_value = excluded.response_value`,
      [assessment.id, given.map((one) => one.domain), given.map((one) => one.question), given.map((one) => one.value)],
    );
    response.status(201).json({ kept: given.length });
  });

  router.post('/assessments/:id/documents', async (request, response) => {
    const assessment = await find(request.params.id, response);
    if (!assessment) return;
    if (!documents) {
      response.status(503).json({ error: 'there is no place for documents here' });
      return;
    }
    const { name, type } = document.parse(request.body);
    response.status(201).json({ url: await documents.uploadUrl(`assessments/${assessment.id}/${name}`, type) });
  });

  router.post('/assessments/:id/submit', async (request, response) => {
    const assessment = await find(request.params.id, response);
    if (!assessment) return;
    const statement = `UPDATE assessments SET status = 'submitted', submitted_at = coalesce(submitted_at, now())
      WHERE id = $1 RETURNING id, status`;
    response.json((await database.query<Assessment>(statement, [assessment.id])).rows[0]);
  });
  return router;
}
