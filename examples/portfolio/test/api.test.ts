import 'reflect-metadata';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { makeApp } from '../src/app.js';
import { databaseOptions } from '../src/database.js';
import { type Environment, readEnvironment } from '../src/environment.js';

assert.ok(process.env['DATABASE_URL'], 'DATABASE_URL names the database of the tests: run them with `npm test`');
const environment: Environment = readEnvironment({ ...process.env, LOG_LEVEL: 'silent' });

/** A certificate, but not of who signed the database's. */
const stranger = async (): Promise<string> => {
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=stranger'];
  return (await promisify(execFile)('openssl', request)).stdout;
};

let app: INestApplication;
let base: string;

async function migrate(): Promise<string> {
  return (await promisify(execFile)(process.execPath, ['build-test/src/migrate.js'])).stdout;
}

function call(path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${base}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {});
}

before(async () => {
  assert.match(await migrate(), /ran CreateProjects/);
  app = await makeApp(environment);
  await app.listen(0, '127.0.0.1');
  base = await app.getUrl();
});
after(() => app.close());

test('a schema that is up to date is left alone', async () => {
  assert.match(await migrate(), /up to date/);
});

test('health is 200 over a connection that is encrypted', async () => {
  const answer = await call('/api/health');
  assert.equal(answer.status, 200);
  assert.deepEqual((await answer.json()).database, { status: 'connected', type: 'postgresql', tls: true });
});

test('a database whose certificate nobody vouches for is refused', async () => {
  const source = new DataSource(databaseOptions({ ...environment.database, certificates: await stranger() }));
  await assert.rejects(source.initialize(), /certificate/);
});

test('without a bundle of certificates nothing starts', () => {
  const { DATABASE_CA, ...rest } = process.env;
  assert.ok(DATABASE_CA);
  assert.throws(() => readEnvironment(rest), /DATABASE_CA/);
});

test('a project that was added is listed, found and removed', async () => {
  const added = await call('/api/projects', { title: 'neargate', url: 'https://example.com' });
  assert.equal(added.status, 201);
  const { id } = await added.json();
  const listed = await (await call('/api/projects')).json();
  assert.deepEqual(listed.map((project: { id: number }) => project.id), [id]);
  assert.equal((await fetch(`${base}/api/projects/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await call(`/api/projects/${id}`)).status, 404);
});

test('a project without a title is refused', async () => {
  assert.equal((await call('/api/projects', { url: 'https://example.com' })).status, 400);
});

test('metrics are in the text format of Prometheus', async () => {
  const answer = await call('/api/metrics');
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain;.*version=0\.0\.4/);
  const text = await answer.text();
  assert.match(text, /^# TYPE backend_uptime_seconds gauge$/m);
  assert.match(text, /^backend_info\{version="1\.0\.0"\} 1$/m);
  assert.match(text, /^http_requests_total\{method="GET",status="200"\} \d+$/m);
});

test('health is 503 when the database is away', async () => {
  const lonely = await makeApp(environment);
  await lonely.listen(0, '127.0.0.1');
  await lonely.get(DataSource).destroy();
  assert.equal((await fetch(`${await lonely.getUrl()}/api/health`)).status, 503);
  await lonely.close();
});
