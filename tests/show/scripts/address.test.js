import assert from 'node:assert/strict';
import test from 'node:test';

import { readAddress, writeAddress } from '../../../src/tenfold/show/scripts/address.js';

const CELL = { cells: [['4', 'a/b & <c>=']], blocks: false };

for (const [name, state] of Object.entries({
  'a cell': { open: CELL, anchor: '' },
  'every error on a class': { open: { cells: [['4', '']], blocks: false }, anchor: '' },
  'two cells': { open: { cells: [['4', '9'], ['9', '4']], blocks: false }, anchor: '' },
  'four blocks': { open: { cells: [['3', '5']], blocks: true }, anchor: '' },
  'a bar': { open: { low: -Infinity, high: 0.25, of: '5' }, anchor: '' },
  'a threshold beside a cell': { open: CELL, anchor: '', threshold: '0.93', matrix: 'errors-by-actual' },
  'a threshold alone': { open: null, anchor: '', threshold: '-3.5e-7' },
  'a section': { open: null, anchor: 'matrix' },
})) {
  test(`${name} survives the address`, () => assert.deepEqual(readAddress(writeAddress(state)), state));
}

test('an address that is damaged opens nothing', () => {
  assert.equal(readAddress('#errors').open, null);
  assert.equal(readAddress('').open, null);
  assert.equal(readAddress('#scores/1/2').open, null);
});

test('unknown keys are left out', () => assert.equal(readAddress('#errors/1/2&evil=1').evil, undefined));
