import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../database.js';
import type { Environment } from '../environment.js';
import { log } from '../log.js';

type Provider = Pick<Environment, 'LLM_PROVIDER_URL' | 'LLM_PROVIDER_API_KEY' | 'LLM_MODEL'>;

const answer = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) });

/** Advice about the newest measurements, by a language model. 502 if its provider fails. */
export function advice(database: Database, provider: Provider): Router {
  return Router().post('/advice', async (_request, response) => {
    const user = String(response.locals['user']);
    const newest = await database.measurements.find({ user }).sort({ at: -1 }).limit(20).toArray();
    const facts = newest.map(({ kind, value, at }) => `${at.toISOString()} ${kind} ${value}`).join('\n');
    try {
      response.json({ advice: await ask(provider, `Advise on these measurements:\n${facts}`) });
    } catch (error) {
      log('error', 'the language model gave no advice', { reason: String(error) });
      response.status(502).json({ error: 'there is no advice at the moment' });
    }
  });
}

async function ask(provider: Provider, content: string): Promise<string> {
  const reply = await fetch(`${provider.LLM_PROVIDER_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${provider.LLM_PROVIDER_API_KEY}` },
    body: JSON.stringify({ model: provider.LLM_MODEL, messages: [{ role: 'user', content }] }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!reply.ok) throw new Error(`the provider answered ${reply.status}`);
  const [first] = answer.parse(await reply.json()).choices;
  return first?.message.content ?? '';
}
