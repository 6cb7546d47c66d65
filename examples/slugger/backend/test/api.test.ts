import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { makeApp } from '../src/app.js';
import { openDatabase } from '../src/database.js';
import { readEnvironment } from '../src/environment.js';
import { setLevel } from '../src/log.js';
import { migrate } from '../src/migrate.js';

assert.ok(process.env['DATABASE_URL'], 'DATABASE_URL names the database of the tests: run them with `npm test`');
setLevel('silent');

const token = 'a token of the tests, long enough';
const { hostname, port, pathname, username, password } = new URL(process.env['DATABASE_URL']);
const environment = readEnvironment({
  DB_HOST: hostname,
  DB_PORT: port,
  DB_NAME: pathname.slice(1),
  DB_USERNAME: username,
  DB_PASSWORD: password,
  TOKEN_SECRET: token,
});
const database = openDatabase(environment);
const servers: Server[] = [];
let base: string;

async function listen(app: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(app!);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function add(body: object, authorization = `Bearer ${token}`): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization };
  return fetch(`${base}/api/players`, { method: 'POST', headers, body: JSON.stringify(body) });
}

before(async () => {
  assert.deepEqual(await migrate(database), ['001_players.sql']);
  assert.deepEqual(await migrate(database), []);
  base = await listen(makeApp(environment, database));
});
after(async () => {
  for (const server of servers) server.close();
  await database.end();
});

test('a player who was added is listed, once', async () => {
  const ruth = { name: 'Ruth', atBats: 3, hits: 1 };
  assert.equal((await add(ruth)).status, 201);
  assert.equal((await add({ ...ruth, hits: 2 })).status, 201);
  const [first, ...rest] = await (await fetch(`${base}/api/players`)).json();
  assert.deepEqual([first.name, first.hits, rest.length], ['Ruth', 2, 0]);
});

test('without the token nobody adds players', async () => {
  assert.equal((await add({ name: 'Eve', atBats: 1, hits: 1 }, 'Bearer made-up')).status, 401);
});

test('more hits than at-bats are refused', async () => {
  assert.equal((await add({ name: 'Liar', atBats: 1, hits: 2 })).status, 400);
});

test('health asks the database', async () => {
  assert.equal((await fetch(`${base}/api/health`)).status, 200);
  const closed = openDatabase(environment);
  await closed.end();
  const lonely = await listen(makeApp(environment, closed));
  assert.equal((await fetch(`${lonely}/api/health`)).status, 503);
});
