import type { RequestHandler } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import type { Environment } from './environment.js';

type Kind = 'access' | 'refresh';

/** Signs and checks tokens. Each has a kind, so that a refresh token opens nothing else. */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #lifetimes: Record<Kind, string>;

  constructor(environment: Pick<Environment, 'JWT_SECRET' | 'JWT_EXPIRATION' | 'REFRESH_TOKEN_EXPIRATION'>) {
    this.#key = new TextEncoder().encode(environment.JWT_SECRET);
    this.#lifetimes = { access: environment.JWT_EXPIRATION, refresh: environment.REFRESH_TOKEN_EXPIRATION };
  }

  async pair(user: string): Promise<{ token: string; refreshToken: string }> {
    return { token: await this.#sign(user, 'access'), refreshToken: await this.#sign(user, 'refresh') };
  }

  /** The user of a token, if it is genuine, not expired and of that kind. */
  async user(token: string, kind: Kind): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { algorithms: ['HS256'], audience: kind });
      return payload.sub;
    } catch {
      return undefined;
    }
  }

  /** Lets only requests with a token pass; whose it is stands in `response.locals.user`. */
  readonly required: RequestHandler = async (request, response, next) => {
    const [scheme, token] = (request.get('authorization') ?? '').split(' ');
    const user = scheme === 'Bearer' && token ? await this.user(token, 'access') : undefined;
    if (user === undefined) {
      response.status(401).json({ error: 'a valid token is needed' });
      return;
    }
    response.locals['user'] = user;
    next();
  };

  #sign(user: string, kind: Kind): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(user)
      .setAudience(kind)
      .setIssuedAt()
      .setExpirationTime(this.#lifetimes[kind])
      .sign(this.#key);
  }
}
