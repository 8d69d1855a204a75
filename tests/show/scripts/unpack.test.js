import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { joinedPlanes, unpacked, unpackedLines } from '../../../src/tenfold/show/scripts/unpack.js';

test('planes are joined number by number', () => {
  assert.deepEqual([...joinedPlanes(Uint8Array.of(1, 2, 3, 4), 2)], [1, 3, 2, 4]);
});

test('what Python packed comes out bit by bit', async () => {
  const file = process.env.TENFOLD_PACKED;
  if (!file) return;
  const { numbers, codes, lines, wanted } = JSON.parse(readFileSync(file, 'utf8'));
  const view = new DataView((await unpacked(numbers)).buffer);
  const bits = wanted.bits.map((_, i) => view.getBigUint64(8 * i, true).toString());
  assert.deepEqual(bits, wanted.bits);
  assert.deepEqual([...(await unpacked(codes))], wanted.codes);
  assert.deepEqual(await unpackedLines(lines), wanted.lines);
});
