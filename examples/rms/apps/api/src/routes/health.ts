import type { FastifyPluginAsync } from 'fastify';
import { isThere } from '../database.js';
import type { PrismaClient } from '../generated/client.js';

/** 200 with database, uptime and memory; 503 when the database is away. */
export const healthRoutes: FastifyPluginAsync<{ database: PrismaClient }> = async (app, { database }) => {
  app.get('/health', async (_request, reply) => {
    const connected = await isThere(database);
    reply.code(connected ? 200 : 503);
    return {
      status: connected ? 'healthy' : 'unhealthy',
      timestamp: new Date().toISOString(),
      database: connected ? 'connected' : 'disconnected',
      uptime: process.uptime(),
      memory: process.memoryUsage(),
    };
  });
};
