import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readEnvironment } from '@rms/environment';
import { makeApp } from '../src/app.js';
import { openDatabase, waitFor } from '../src/database.js';
import { migrate } from '../src/migrate.js';

assert.ok(process.env['DATABASE_URL'], 'DATABASE_URL names the database of the tests: run them with `pnpm test`');

const environment = readEnvironment(process.env);
const database = openDatabase(environment);
const app = makeApp(database, 'silent');

before(async () => {
  await migrate(environment);
});
after(async () => {
  await app.close();
  await database.$disconnect();
});

test('a schema that is up to date is left alone', async () => {
  assert.deepEqual(await migrate(environment), []);
});

test('the environment is refused with the names of what is wrong, without its values', () => {
  const bad = { DATABASE_URL: 'mysql://hunter2', PORT: 'x' };
  assert.throws(() => readEnvironment(bad), (error: Error) => /DATABASE_URL.*PORT|PORT.*DATABASE_URL/.test(error.message) && !error.message.includes('hunter2'));
});

test('the connection to the database is encrypted', async () => {
  const rows = await database.$queryRaw`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
  assert.deepEqual(rows, [{ ssl: true }]);
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
  const nowhere = openDatabase({ ...environment, DATABASE_URL: `postgresql://app:x@127.0.0.1:${await closedPort()}/rms` });
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
