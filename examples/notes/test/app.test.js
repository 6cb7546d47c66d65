import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { makeApp } from '../src/app.js';

let server;
let base;

before(async () => {
  server = makeApp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

test('health answers 200 with the version', async () => {
  const response = await fetch(`${base}/api/health`);
  assert.equal(response.status, 200);
  assert.equal((await response.json()).status, 'ok');
});

test('a note that was posted is listed', async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ text: 'milk' });
  const posted = await fetch(`${base}/api/notes`, { method: 'POST', headers, body });
  assert.equal(posted.status, 201);
  assert.deepEqual(await (await fetch(`${base}/api/notes`)).json(), ['milk']);
});

test('metrics count the requests', async () => {
  const text = await (await fetch(`${base}/api/metrics`)).text();
  assert.match(text, /http_requests_total\{status="2xx"\} \d+/);
});
