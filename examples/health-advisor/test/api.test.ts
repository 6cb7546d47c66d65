import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { makeApp } from '../src/app.js';
import { Database } from '../src/database.js';
import { readEnvironment } from '../src/environment.js';
import { setLevel } from '../src/log.js';

const uri = process.env['MONGODB_URI'];
assert.ok(uri, 'MONGODB_URI names the database of the tests: run them with `npm test`');
setLevel('silent');

const servers: Server[] = [];
const database = new Database(uri);
let base: string;
let providerFails = false;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function environment(extra: Record<string, string> = {}) {
  return readEnvironment({
    MONGODB_URI: uri,
    JWT_SECRET: 'a secret of the tests, long enough',
    LLM_PROVIDER_API_KEY: 'key',
    LLM_PROVIDER_URL: 'http://127.0.0.1:1',
    LLM_MODEL: 'none',
    ...extra,
  });
}

function call(path: string, body?: object, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(`${base}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
}

before(async () => {
  await database.open();
  const provider = createServer((_request, response) => {
    response.statusCode = providerFails ? 500 : 200;
    response.end(JSON.stringify({ choices: [{ message: { content: 'sleep more' } }] }));
  });
  const LLM_PROVIDER_URL = await listen(provider);
  base = await listen(createServer(makeApp(environment({ LLM_PROVIDER_URL }), database)));
});
after(async () => {
  for (const server of servers) server.close();
  await database.close();
});

test('the environment is refused as a whole, without its values', () => {
  const bad = { MONGODB_URI: 'postgres://hunter2', JWT_SECRET: 'short', PORT: 'x' };
  assert.throws(
    () => readEnvironment(bad),
    (error: Error) =>
      ['MONGODB_URI', 'JWT_SECRET', 'PORT', 'LLM_MODEL'].every((name) => error.message.includes(name)) &&
      !error.message.includes('hunter2'),
  );
});

test('health asks the database', async () => {
  const answer = await call('/health');
  assert.equal(answer.status, 200);
  assert.deepEqual((await answer.json()).services, { database: 'up' });
});

test('health is 503 when the database is away', async () => {
  const away = new Database('mongodb://127.0.0.1:1/none');
  const lonely = await listen(createServer(makeApp(environment(), away)));
  assert.equal((await fetch(`${lonely}/health`)).status, 503);
  await away.close();
});

test('a user registers, logs in, measures and is advised', async () => {
  const user = { email: 'ada@example.com', password: 'correct horse' };
  assert.equal((await call('/api/auth/register', user)).status, 201);
  assert.equal((await call('/api/auth/register', user)).status, 409);
  assert.equal((await call('/api/auth/login', { ...user, password: 'wrong horse' })).status, 401);

  const { token, refreshToken } = await (await call('/api/auth/login', user)).json();
  assert.equal((await call('/api/measurements', { kind: 'sleep', value: 5 }, token)).status, 201);
  const [measured] = await (await call('/api/measurements', undefined, token)).json();
  assert.equal(measured.value, 5);
  assert.deepEqual(await (await call('/api/advice', {}, token)).json(), { advice: 'sleep more' });

  assert.equal((await call('/api/auth/refresh', { refreshToken })).status, 200);
  assert.equal((await call('/api/measurements', undefined, refreshToken)).status, 401);
});

test('without a token there is nothing to see', async () => {
  assert.equal((await call('/api/measurements')).status, 401);
  assert.equal((await call('/api/measurements', undefined, 'a.b.c')).status, 401);
});

test('a provider that fails is a bad gateway', async () => {
  const user = { email: 'bob@example.com', password: 'correct horse' };
  const { token } = await (await call('/api/auth/register', user)).json();
  providerFails = true;
  assert.equal((await call('/api/advice', {}, token)).status, 502);
});

test('who asks too often is told so', async () => {
  const strict = await listen(createServer(makeApp(environment({ RATE_LIMIT_MAX: '1' }), database)));
  const statuses = [];
  for (let i = 0; i < 2; i += 1) statuses.push((await fetch(`${strict}/api/measurements`)).status);
  assert.deepEqual(statuses, [401, 429]);
});

test('the server ends soon when it is told to, though a client keeps its connection', async () => {
  const probe = createServer();
  const address = await listen(probe);
  probe.close();
  const env = { ...process.env, ...stringified(environment()), PORT: new URL(address).port, LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], { env });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (lines) => String(lines).includes('listening') && resolve());
  });
  assert.equal((await fetch(`${address}/health`)).status, 200);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
  assert.equal(code, 0);
});

function stringified(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
