import assert from 'node:assert/strict';
import test from 'node:test';

import { above, figuresOf, highest, placeOf, Sweep, thresholdFor } from '../../../src/tenfold/show/scripts/sweep.js';

const SCORES = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.4, 0.9);
const POSITIVE = [0, 0, 1, 1, 1, 0];
const sweep = () => new Sweep(SCORES, (i) => POSITIVE[i] === 1);

test('a row whose score equals the threshold is called positive', () => {
  assert.deepEqual(sweep().at(0.4), { tp: 2, fp: 2, fn: 1, tn: 1 });
  assert.deepEqual(sweep().at(above(0.4)), { tp: 1, fp: 1, fn: 2, tn: 2 });
});

test('counts agree with counting, at and beside every score', () => {
  for (const score of [...SCORES, -1, 0, 2, ...SCORES.map(above)]) {
    const called = (i) => SCORES[i] >= score;
    const count = (wanted) => POSITIVE.filter((one, i) => wanted(one === 1, called(i))).length;
    assert.deepEqual(sweep().at(score), {
      tp: count((is, was) => is && was), fp: count((is, was) => !is && was),
      fn: count((is, was) => is && !was), tn: count((is, was) => !is && !was),
    });
  }
});

test('the curve has every distinct score once, decreasing', () => {
  const { thresholds, tp, fp } = sweep().curve();
  assert.deepEqual([...thresholds], [0.9, 0.8, 0.4, 0.35, 0.1]);
  thresholds.forEach((threshold, i) => {
    const { tp: found, fp: alarms } = sweep().at(threshold);
    assert.deepEqual([tp[i], fp[i]], [found, alarms]);
  });
});

test('rules: the lowest threshold of enough precision, the highest of enough recall, the best F1', () => {
  assert.equal(thresholdFor(sweep(), { kind: 'precision', target: 0.6 }), 0.35);
  assert.equal(thresholdFor(sweep(), { kind: 'recall', target: 0.6 }), 0.4);
  assert.equal(thresholdFor(sweep(), { kind: 'f1' }), 0.35);
  assert.equal(thresholdFor(sweep(), { kind: 'precision', target: 0.95 }), null);
  assert.deepEqual(highest(sweep(), 'precision'), { value: 0.6, threshold: 0.35 });
});

test('the cheapest may call nothing positive', () => {
  assert.equal(thresholdFor(sweep(), { kind: 'cost', fp: 100, fn: 1 }), above(0.9));
  assert.equal(thresholdFor(sweep(), { kind: 'cost', fp: 1, fn: 100 }), 0.35);
});

test('a figure without a denominator is undefined', () => {
  assert.ok(Number.isNaN(figuresOf(sweep().at(5)).precision.value));
  assert.ok(Number.isNaN(figuresOf(sweep().at(5)).mcc.value));
});

test('the next number up, over zero and for negative ones', () => {
  assert.equal(above(1), 1 + Number.EPSILON);
  assert.equal(above(0), Number.MIN_VALUE);
  assert.ok(above(-1) > -1 && above(-1) < -1 + Number.EPSILON);
});

test('a place in nothing is the first', () => assert.equal(placeOf([], 3), 0));
