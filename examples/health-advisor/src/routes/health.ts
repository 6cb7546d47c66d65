import { Router } from 'express';
import type { Database } from '../database.js';

/** 200 if the database answers, else 503. Outside of API_PREFIX: it is for machines, not for clients. */
export function health(database: Database): Router {
  return Router().get('/health', async (_request, response) => {
    const there = await database.isThere();
    response.status(there ? 200 : 503).json({
      status: there ? 'healthy' : 'unhealthy',
      timestamp: new Date().toISOString(),
      uptime: process.uptime(),
      services: { database: there ? 'up' : 'down' },
    });
  });
}
