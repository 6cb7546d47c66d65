import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import express, { type Router } from 'express';

const year = 31_536_000_000;

/**
 * The front end's files, where no CloudFront serves them: those with a hash in their name for a year,
 * the page never.
 *
 * @throws Error when they were not built
 */
export function client(directory: string): Router {
  const folder = resolve(directory);
  const page = join(folder, 'index.html');
  if (!existsSync(page)) throw new Error(`the front end is not built: there is no ${page}`);
  const router = express.Router();
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: year, fallthrough: false }));
  router.use(express.static(folder, { cacheControl: false, index: false }));
  router.get('/{*path}', (_request, response) => response.set('cache-control', 'no-cache').sendFile(page));
  return router;
}
