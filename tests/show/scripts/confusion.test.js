import assert from 'node:assert/strict';
import test from 'node:test';

import {
  cellShare, countedMatrix, frequentErrors, mostConfused, order, read, READINGS, sums,
} from '../../../src/tenfold/show/scripts/confusion.js';

const ACTUAL = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2];
const CALLED = [0, 0, 1, 1, 1, 1, 0, 2, 2, 0, 1, 1];
const COUNTS = countedMatrix(ACTUAL, CALLED, 3);
const reading = (id) => READINGS.find((one) => one.id === id);

test('rows are actual, columns predicted', () => assert.deepEqual([...COUNTS], [2, 2, 0, 1, 2, 0, 1, 2, 2]));

test('sums with and without the right answers', () => {
  assert.deepEqual([...sums(COUNTS, 3, false).rows], [4, 3, 5]);
  assert.deepEqual([...sums(COUNTS, 3, true).columns], [2, 4, 0]);
});

test('shares of a reading sum to one where there is anything', () => {
  const { values } = read(COUNTS, 3, reading('by-actual'));
  assert.equal(values[0] + values[1] + values[2], 1);
  const { values: ofColumn } = read(COUNTS, 3, reading('by-predicted'));
  assert.ok(Math.abs(ofColumn[0] + ofColumn[3] + ofColumn[6] - 1) < 1e-15);
});

test('shares of errors leave the diagonal out, and a class without errors has none', () => {
  const { values } = read(COUNTS, 3, reading('errors-by-predicted'));
  assert.equal(values[1], 0.5);
  assert.deepEqual([values[2], values[5]], [0, 0]);
});

test('the strongest colour belongs to the largest error, right answers have no part in it', () => {
  const { depth, top } = read(COUNTS, 3, reading('counts'));
  assert.equal(top, 2);
  assert.equal(depth[1], 0.9);
});

test('the order by confusion begins with the class in most errors', () => {
  assert.deepEqual(order(COUNTS, 3, false), [0, 1, 2]);
  assert.deepEqual(order(COUNTS, 3, true), [1, 0, 2]);
  assert.deepEqual(mostConfused(COUNTS, 3, 2, [0, 1, 2]), [0, 1]);
});

test('frequent errors, the most frequent first', () => {
  assert.deepEqual(frequentErrors(COUNTS, 3, 2), [{ a: 0, p: 1, count: 2 }, { a: 2, p: 1, count: 2 }]);
});

test('a share of a class has its interval and its folds', () => {
  const answers = { actual: ACTUAL, called: CALLED, fold: ACTUAL.map((_, i) => i % 2), folds: 2 };
  const { count, whole, low, high, each } = cellShare(answers, 2, 1);
  assert.deepEqual([count, whole], [2, 5]);
  assert.ok(low < 0.4 && high > 0.4);
  assert.equal(each.length, 2);
});
