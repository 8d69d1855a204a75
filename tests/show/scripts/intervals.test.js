import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { deltaError, intervalOfF1, intervalOfMean, wilson } from '../../../src/tenfold/show/scripts/intervals.js';

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

test('intervals of F1 and of a mean of shares hold their value and stay between 0 and 1', () => {
  for (const [tp, fp, fn, tn] of [[40, 3, 5, 100], [10, 0, 0, 90], [0, 4, 6, 90], [1, 0, 0, 1]]) {
    const f1 = (2 * tp) / (2 * tp + fp + fn);
    const [low, high] = intervalOfF1(tp, fp, fn);
    assert.ok(low >= 0 && low <= f1 && f1 <= high && high <= 1);
    const share = (hits, size) => ({ value: hits / size, interval: wilson(hits, size) });
    const [from, to] = intervalOfMean(share(tp, tp + fn), share(tn, fp + tn));
    const mean = (tp / (tp + fn) + tn / (fp + tn)) / 2;
    assert.ok(from >= 0 && from <= mean && mean <= to && to <= 1 && from < to);
  }
});
