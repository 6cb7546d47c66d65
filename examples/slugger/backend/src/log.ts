import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];

const correlation = new AsyncLocalStorage<string>();
let least: number = levels.indexOf('info');

export function setLevel(level: Level): void {
  least = levels.indexOf(level);
}

/** Writes one JSON line, with the id of the request that is being answered, if one is. */
export function log(level: Exclude<Level, 'silent'>, message: string, fields: object = {}): void {
  if (levels.indexOf(level) < least) return;
  const timestamp = new Date().toISOString();
  const line = { timestamp, level, message, service: 'slugger-backend', correlationId: correlation.getStore(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Gives each request its correlation id, the load balancer's if it sent one, and logs how it went. */
export const observe: RequestHandler = (request, response, next) => {
  const id = request.get('x-correlation-id') ?? request.get('x-amzn-trace-id') ?? randomUUID();
  response.set('x-correlation-id', id);
  const begun = performance.now();
  correlation.run(id, () => {
    response.on('finish', () => {
      // Health checks come every few seconds and would drown everything else.
      if (request.path === '/api/health') return;
      const { method, originalUrl } = request;
      const path = originalUrl.split('?')[0];
      correlation.run(id, () =>
        log('info', 'request', { method, path, status: response.statusCode, ms: Math.round(performance.now() - begun) }),
      );
    });
    next();
  });
};
