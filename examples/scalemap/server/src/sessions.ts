import { createHash, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';

/** Sessions in the database, so that any task can answer. Only hashes of tokens are kept. */
export class Sessions {
  constructor(private readonly database: Pool) {}

  /** The token of a new session. */
  async begin(email: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const statement = "INSERT INTO sessions (token_hash, email, expires_at) VALUES ($1, $2, now() + interval '12 hours')";
    await this.database.query(statement, [digest(token), email]);
    return token;
  }

  /** Lets only requests of a session pass; whose it is stands in `response.locals.email`. */
  readonly required: RequestHandler = async (request, response, next) => {
    const [scheme, token] = (request.get('authorization') ?? '').split(' ');
    const email = scheme === 'Bearer' && token ? await this.#owner(token) : undefined;
    if (email === undefined) {
      response.status(401).json({ error: 'log in first' });
      return;
    }
    response.locals['email'] = email;
    next();
  };

  async #owner(token: string): Promise<string | undefined> {
    const statement = 'SELECT email FROM sessions WHERE token_hash = $1 AND expires_at > now()';
    return (await this.database.query<{ email: string }>(statement, [digest(token)])).rows[0]?.email;
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
