import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeApp } from '../src/app.js';
import { openDatabase } from '../src/database.js';
import { readEnvironment } from '../src/environment.js';
import { setLevel } from '../src/log.js';
import { migrate } from '../src/migrate.js';

assert.ok(process.env['DATABASE_URL'], 'DATABASE_URL names the database of the tests: run them with `npm test`');
setLevel('silent');
// For the one test with a bucket: nothing listens there.
Object.assign(process.env, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' });

const origin = 'https://app.scalemap.example.com';
const servers: Server[] = [];
const folder = await mkdtemp(join(tmpdir(), 'scalemap-'));

function environment(extra: NodeJS.ProcessEnv = {}) {
  return readEnvironment({ ...process.env, S3_BUCKET_NAME: 'none', COGNITO_CONFIG: 'none', CORS_ORIGINS: origin, ...extra });
}

const database = openDatabase(environment());
let base: string;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serve(extra: NodeJS.ProcessEnv = {}): Promise<string> {
  return listen(createServer(makeApp(environment(extra), database)));
}

function call(path: string, body?: object, token?: string, at = base): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(`${at}/api${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
}

before(async () => {
  assert.deepEqual(await migrate(database), ['001_assessments.sql']);
  assert.deepEqual(await migrate(database), []);
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>scalemap</title>');
  await writeFile(join(folder, 'assets/index-1a2b.js'), '');
  base = await serve({ CLIENT_DIRECTORY: folder });
});
after(async () => {
  for (const server of servers) server.close();
  await database.end();
  await rm(folder, { recursive: true });
});

test('health says what is up and what is absent by configuration', async () => {
  const answer = await call('/health');
  assert.equal(answer.status, 200);
  assert.deepEqual((await answer.json()).services, { db: 'up', s3: 'absent', cognito: 'absent' });
});

test('health is 503 when the bucket does not answer', async () => {
  const answer = await call('/health', undefined, undefined, await serve({ S3_BUCKET_NAME: 'documents' }));
  assert.equal(answer.status, 503);
  assert.deepEqual((await answer.json()).services, { db: 'up', s3: 'down', cognito: 'absent' });
});

test('health is 503 when the database is away', async () => {
  const closed = openDatabase(environment());
  await closed.end();
  const lonely = await listen(createServer(makeApp(environment(), closed)));
  assert.equal((await call('/health', undefined, undefined, lonely)).status, 503);
});

test('what is forgotten in the environment is named', () => {
  const { DATABASE_CA, ...rest } = process.env;
  assert.ok(DATABASE_CA);
  assert.throws(() => readEnvironment(rest), /DATABASE_CA.*S3_BUCKET_NAME.*COGNITO_CONFIG.*CORS_ORIGINS/);
});

test('a user registers, answers an assessment and submits it', async () => {
  const user = { email: 'ada@example.com', password: 'correct horse' };
  assert.equal((await call('/auth/register', user)).status, 201);
  assert.equal((await call('/auth/register', user)).status, 409);
  const { token } = await (await call('/auth/login', user)).json();

  const { id } = await (await call('/assessments', {}, token)).json();
  const answers = Array.from({ length: 12 }, (_, i) => ({ domain: i + 1, question: 'q1', value: i }));
  assert.deepEqual(await (await call(`/assessments/${id}/responses`, answers, token)).json(), { kept: 12 });
  assert.equal((await call(`/assessments/${id}/documents`, { name: 'a.pdf', type: 'application/pdf' }, token)).status, 503);
  assert.equal((await (await call(`/assessments/${id}/submit`, {}, token)).json()).status, 'submitted');

  // The session is the database's: another process knows it too.
  const other = await serve();
  assert.deepEqual(await (await call('/assessments', undefined, token, other)).json(), [{ id, status: 'submitted' }]);
  const eve = await (await call('/auth/register', { ...user, email: 'eve@example.com' })).json();
  assert.equal((await call(`/assessments/${id}/submit`, {}, eve.token)).status, 404);
});

test('without a session there is nothing to see', async () => {
  assert.equal((await call('/assessments')).status, 401);
  assert.equal((await call('/assessments', undefined, 'made-up')).status, 401);
});

test('with a user pool, it is Cognito that knows the users', async () => {
  const pool = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const known = !target.endsWith('InitiateAuth') || body.includes('correct horse');
      if (!known) response.writeHead(400, { 'x-amzn-errortype': 'NotAuthorizedException' });
      response.end(JSON.stringify(known ? { AuthenticationResult: { AccessToken: 'x' }, keys: [] } : {}));
    });
  });
  const config = { userPoolId: 'eu-west-1_a', clientId: 'client', endpoint: await listen(pool) };
  const server = await serve({ COGNITO_CONFIG: JSON.stringify(config) });
  assert.equal((await (await call('/health', undefined, undefined, server)).json()).services.cognito, 'up');
  const user = { email: 'bob@example.com', password: 'correct horse' };
  assert.equal((await call('/auth/register', user, undefined, server)).status, 201);
  assert.equal((await call('/auth/login', user, undefined, server)).status, 200);
  assert.equal((await call('/auth/login', { ...user, password: 'wrong horse' }, undefined, server)).status, 401);
});

test('only named origins may ask with credentials, and answers carry the security headers', async () => {
  const preflight = (from: string) =>
    fetch(`${base}/api/assessments`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'GET' } });
  const { headers } = await preflight(origin);
  assert.equal(headers.get('access-control-allow-origin'), origin);
  assert.equal(headers.get('access-control-allow-credentials'), 'true');
  assert.equal(headers.get('access-control-max-age'), '86400');
  assert.match(headers.get('strict-transport-security') ?? '', /max-age=31536000/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal((await preflight('https://elsewhere.example.com')).headers.get('access-control-allow-origin'), null);
});

test('the front end is served: files with a hash for a year, the page never from a cache', async () => {
  const page = await fetch(`${base}/some/view`);
  assert.match(await page.text(), /scalemap/);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  const script = await fetch(`${base}/assets/index-1a2b.js`);
  assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal((await fetch(`${base}/assets/gone.js`)).status, 404);
});

test('a front end that was not built is noticed at the start', () => {
  assert.throws(() => makeApp(environment({ CLIENT_DIRECTORY: '/nowhere' }), database), /not built/);
});
