import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { loggerOptions } from '@rms/logging';
import type { PrismaClient } from './generated/client.js';
import { healthRoutes } from './routes/health.js';
import { orderRoutes } from './routes/orders.js';

export function makeApp(database: PrismaClient, logLevel: string): FastifyInstance {
  const app = Fastify({
    logger: loggerOptions('rms-api', logLevel),
    requestIdHeader: 'x-amzn-trace-id',
    genReqId: () => randomUUID(),
    logController: new LogController({ requestIdLogLabel: 'correlationId', disableRequestLogging: true }),
    // Longer than the load balancer's idle time-out of 60 s, so that it is the one who closes first.
    keepAliveTimeout: 65_000,
    // While it stops, what still arrives is answered: the load balancer may not have heard yet.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });

  app.addHook('onResponse', async (request, reply) => {
    // Health checks come every few seconds and would drown everything else.
    if (request.url === '/health') return;
    const { method, url } = request;
    request.log.info({ method, path: url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  app.addHook('onError', async (request, _reply, error) => {
    request.log.error({ error: error.message, stack: error.stack }, 'request failed');
  });
  finishOnClose(app);
  app.register(healthRoutes, { database });
  app.register(orderRoutes, { database });
  return app;
}

/** A connection that is busy when the server stops ends with its answer, not with its keep-alive time. */
function finishOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
