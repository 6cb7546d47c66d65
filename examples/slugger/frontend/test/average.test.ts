import assert from 'node:assert/strict';
import { test } from 'node:test';
import { average } from '../lib/average.ts';

const check = (hits: number, atBats: number, text: string) =>
  assert.equal(average({ id: 1, name: 'Ruth', hits, atBats }), text);

test('an average has three decimals and no zero before them', () => {
  check(1, 3, '.333');
  check(5, 5, '1.000');
});

test('who never batted has no average', () => check(0, 0, '—'));
