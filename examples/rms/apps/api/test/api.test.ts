import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { makeApp } from '../src/app.ts';
import { openDatabase, waitFor } from '../src/database.ts';
import { migrate } from '../src/migrate.ts';

const url = process.env['DATABASE_URL'];
assert.ok(url, 'DATABASE_URL names the database of the tests: run them with `pnpm test`');

const database = openDatabase(url, 2);
const app = makeApp(database, 'silent');

before(async () => {
  await migrate(url);
});
after(async () => {
  await app.close();
  await database.$disconnect();
});

test('a schema that is up to date is left alone', async () => {
  assert.deepEqual(await migrate(url), []);
});

test('health tells of database, uptime and memory', async () => {
  const answer = await app.inject('/health');
  assert.equal(answer.statusCode, 200);
  const { database, uptime, memory } = answer.json();
  assert.equal(database, 'connected');
  assert.ok(uptime > 0 && memory.rss > 0);
});

test('an order that was placed is found again', async () => {
  const placed = await app.inject({ method: 'POST', url: '/orders', payload: { dish: 'soup', quantity: 2 } });
  assert.equal(placed.statusCode, 201);
  const found = await app.inject(`/orders/${placed.json().id}`);
  assert.equal(found.json().dish, 'soup');
});

test('an order of nothing is refused', async () => {
  const answer = await app.inject({ method: 'POST', url: '/orders', payload: { dish: 'soup', quantity: 0 } });
  assert.equal(answer.statusCode, 400);
});

test('health is 503 when the database is away', async () => {
  const nowhere = openDatabase(`postgresql://app:x@127.0.0.1:${await closedPort()}/rms`, 1);
  const lonely = makeApp(nowhere, 'silent');
  const answer = await lonely.inject('/health');
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().database, 'disconnected');
  await assert.rejects(waitFor(nowhere, lonely.log, 1), /did not answer in 1 attempts/);
});

test('a request in flight is finished when the server stops', async () => {
  const second = makeApp(database, 'silent');
  const started = new Promise<void>((resolve) => {
    second.get('/held', async () => {
      resolve();
      await database.$queryRaw`SELECT 1 FROM pg_sleep(0.3)`;
      return { held: true };
    });
  });
  const base = await second.listen({ host: '127.0.0.1', port: 0 });
  const answer = fetch(`${base}/held`);
  await started;
  const closed = second.close();
  assert.deepEqual(await (await answer).json(), { held: true });
  await closed;
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
