import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { deltaError, logitInterval, wilson } from '../../../src/tenfold/report/scripts/intervals.js';

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);

test('Wilson, as Python computes it', () => {
  const file = process.env.TENFOLD_INTERVALS;
  if (!file) return;
  for (const [hits, size, low, high] of JSON.parse(readFileSync(file, 'utf8'))) {
    const found = wilson(hits, size);
    near(found[0], low);
    near(found[1], high);
  }
});

test('all of n and none of n keep their end', () => {
  assert.equal(wilson(10, 10)[1], 1);
  assert.equal(wilson(0, 10)[0], 0);
  assert.ok(Number.isNaN(wilson(0, 0)[0]));
});

test('the delta method gives about the standard error of a share, and never none', () => {
  const found = deltaError((tp) => tp / 500, 400, 3, 500, 100);
  assert.ok(Math.abs(found / Math.sqrt((0.8 * 0.2) / 500) - 1) < 0.01);
  assert.ok(deltaError((tp) => tp / 50, 50, 0, 50, 100) > 0);
});

test('an interval in the log odds stays between 0 and 1', () => {
  const [low, high] = logitInterval(0.99, 0.02);
  assert.ok(low > 0 && high < 1 && low < 0.99 && high > 0.99);
  assert.deepEqual(logitInterval(1, 0.1)[1], 1);
  assert.ok(logitInterval(1, 0.1)[0] < 1);
});
