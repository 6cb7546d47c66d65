import type { FastifyPluginAsync } from 'fastify';
import type { PrismaClient } from '../generated/client.js';

const order = {
  type: 'object',
  required: ['dish', 'quantity'],
  additionalProperties: false,
  properties: {
    dish: { type: 'string', minLength: 1, maxLength: 200 },
    quantity: { type: 'integer', minimum: 1, maximum: 100 },
  },
} as const;

interface NewOrder {
  dish: string;
  quantity: number;
}

export const orderRoutes: FastifyPluginAsync<{ database: PrismaClient }> = async (app, { database }) => {
  app.get('/orders', () => database.order.findMany({ orderBy: { id: 'desc' }, take: 100 }));

  app.get<{ Params: { id: number } }>(
    '/orders/:id',
    { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } },
    async (request, reply) => {
      const found = await database.order.findUnique({ where: { id: request.params.id } });
      return found ?? reply.code(404).send({ error: 'there is no such order' });
    },
  );

  app.post<{ Body: NewOrder }>('/orders', { schema: { body: order } }, async (request, reply) => {
    const made = await database.order.create({ data: request.body });
    return reply.code(201).send(made);
  });
};
