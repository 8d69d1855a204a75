import assert from 'node:assert/strict';
import test from 'node:test';

import { Abstention, surenessOf } from '../../../src/tenfold/show/scripts/abstention.js';

const SURE = Float64Array.of(0.9, 0.5, 0.5, 0.7, 0.2);
const RIGHT = [true, false, true, true, false];
const made = () => new Abstention(SURE, (i) => RIGHT[i]);

test('answered is what is at least as sure as the threshold', () => {
  const { answered, right, left, leftWrong, coverage } = made().at(0.5);
  assert.deepEqual([answered, right, left, leftWrong, coverage], [4, 3, 1, 1, 0.8]);
  assert.equal(made().at(0.71).answered, 1);
  assert.ok(Number.isNaN(made().at(2).accuracy));
});

test('the lowest threshold that is right often enough takes ties together', () => {
  assert.equal(made().reaching(1), 0.7);
  assert.equal(made().reaching(0.75), 0.5);
  assert.equal(new Abstention(Float64Array.of(1), () => false).reaching(0.5), null);
});

test('the curve ends with everything answered', () => {
  const curve = made().curve(100);
  assert.deepEqual(curve.at(-1), [1, 0.6]);
  assert.deepEqual(curve[0], [0.2, 1]);
});

test('sureness is the highest score, or its lead', () => {
  const answers = { n: 2, k: 3, scores: Float64Array.of(0.5, 0.1, 0.3, 0.1, 0.2, 0.8) };
  assert.deepEqual([...surenessOf(answers, false)], [0.5, 0.8]);
  assert.deepEqual([...surenessOf(answers, true)].map((one) => one.toFixed(12)), ['0.200000000000', '0.700000000000']);
});
