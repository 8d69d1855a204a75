import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { figure, figureTexts, fixed, percent, scoreText, shortest, word } from '../../../src/tenfold/show/scripts/format.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');

test('percentages are never rounded up to all or down to nothing', () => {
  const texts = [0.9651, 0.99987, 0.99999, 1, 0, 0.0004, 0.1124].map((value) => plain(percent(value)));
  assert.deepEqual(texts, ['96.5 %', '99.99 %', '99.999 %', '100 %', '0 %', '0.04 %', '11.2 %']);
});

test('every text is the one Python writes', () => {
  const file = process.env.TENFOLD_TEXTS;
  if (!file) return;
  for (const { figures, texts } of JSON.parse(readFileSync(file, 'utf8'))) {
    const found = figureTexts(figures).map(({ value, interval }) => [plain(value), interval]);
    assert.deepEqual(found, texts, JSON.stringify(figures));
  }
});

test('figures that stand together have the same number of decimals, more only where ends would be equal', () => {
  const [narrow, wide] = figureTexts([{ key: 'recall', value: 0.77731, low: 0.77722, high: 0.77741 }, { key: 'f1', value: 0.9, low: 0.85, high: 0.95 }]);
  assert.deepEqual([plain(narrow.value), narrow.interval, plain(wide.value), wide.interval], ['77.73 %', '77.72 to 77.74', '90.00 %', '85.00 to 95.00']);
});

test('halves go to the even digit, as in Python', () => {
  assert.deepEqual([fixed(6.25, 1), fixed(0.125, 2), fixed(0.375, 2), fixed(0.15, 1), fixed(2.5, 0)], ['6.2', '0.12', '0.38', '0.1', '2']);
});

test('what is undefined says so', () => {
  assert.equal(figure('precision', NaN), 'undefined');
  assert.deepEqual(figureTexts([{ key: 'precision', value: NaN, low: NaN, high: NaN }]), [{ value: 'undefined', interval: '' }]);
});

test('scores beside pictures are short', () => {
  assert.deepEqual([scoreText(0.876, true), scoreText(-3370.02, false), scoreText(0.012345, false)], ['0.88', '-3,370', '0.0123']);
});

test('names are quoted as a shell wants them', () => {
  assert.deepEqual([word('9'), word('not 5'), word("it's")], ['9', "'not 5'", `'it'"'"'s'`]);
});

test('a number is as short as what depends on it allows', () => {
  assert.equal(shortest(0.02056416011417635, (short) => short > 0.02056 && short <= 0.0206), 0.0206);
  assert.equal(shortest(9.267861249478306, (short) => short > 9.2678 && short < 9.2679), 9.26786);
  assert.equal(shortest(0.1234567890123456, (short) => short === 0.1234567890123456), 0.1234567890123456);
});
