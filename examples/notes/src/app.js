import express from 'express';
import { log } from './log.js';
import { Metrics } from './metrics.js';

/** Raise it and run `neargate up` again: the service rolls to the new version. */
export const version = '1.0.0';

export function makeApp() {
  const app = express();
  const metrics = new Metrics();
  const notes = [];

  app.disable('x-powered-by');
  app.use(express.json());
  app.use(observe(metrics));

  app.get('/', (request, response) => {
    response.json({ greeting: process.env.GREETING ?? 'notes', version, host: process.env.HOSTNAME });
  });
  app.get('/api/health', (request, response) => {
    const memory = process.memoryUsage().rss;
    response.json({ status: 'ok', version, uptime: Math.floor(process.uptime()), memory });
  });
  app.get('/api/metrics', (request, response) => {
    response.type('text/plain; version=0.0.4').send(metrics.show());
  });
  app.get('/api/notes', (request, response) => response.json(notes));
  app.post('/api/notes', (request, response) => {
    if (typeof request.body?.text !== 'string') {
      response.status(400).json({ error: 'a note has a text' });
      return;
    }
    notes.push(request.body.text);
    response.status(201).end();
  });
  app.get('/api/slow', (request, response) => {
    const ms = Math.min(Number(request.query.ms ?? 2000) || 0, 30_000);
    setTimeout(() => response.json({ slept: ms }), ms);
  });
  return app;
}

/** Counts and logs each request, with the load balancer's trace id as correlation id. */
function observe(metrics) {
  return (request, response, next) => {
    const begun = performance.now();
    response.on('finish', () => {
      const ms = performance.now() - begun;
      metrics.count(response.statusCode, ms);
      // Health checks come every few seconds and would drown everything else.
      if (request.path === '/api/health') return;
      log('info', 'request', {
        method: request.method,
        path: request.path,
        status: response.statusCode,
        ms: Math.round(ms),
        correlationId: request.get('x-amzn-trace-id'),
      });
    });
    next();
  };
}
