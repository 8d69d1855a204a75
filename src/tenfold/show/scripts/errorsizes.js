// What intervals and shifts come to on sorted errors (true less predicted): as decision/interval.py and quantities.py.

import { placeOf } from './sweep.js';

// The ends of an interval that holds a share of new values; null where the rows are too few for it.
export function intervalFor(lacks, rows, coverage) {
  const place = Math.ceil((rows + 1) * (1 - (1 - coverage) / 2) - 1e-9);
  if (place > rows) return null;
  return [orderOf(lacks, rows, rows + 1 - place), orderOf(lacks, rows, place)];
}

// The most coverage that so many rows can give.
export function mostCoverage(rows) {
  return 1 - 2 / (rows + 1);
}

// The quantile of the errors that the costs ask for.
export function shiftFor(lacks, rows, under, over) {
  const place = Math.max(1, Math.ceil((rows * under) / (under + over) - 1e-9));
  return orderOf(lacks, rows, place);
}

// The k-th smallest of so many errors, which may be thinned.
function orderOf(lacks, rows, k) {
  if (lacks.length === rows) return lacks[k - 1];
  return lacks[Math.round(((k - 1) / (rows - 1)) * (lacks.length - 1))];
}

// Errors from below up to above, both counted.
export function insideCount(lacks, rows, below, above) {
  let first = placeOf(lacks, below);
  while (first > 0 && lacks[first - 1] >= below) first -= 1;
  let last = placeOf(lacks, above);
  while (last < lacks.length && lacks[last] <= above) last += 1;
  return lacks.length === rows ? last - first : Math.round((rows * (last - first)) / lacks.length);
}

// Mean cost of predictions moved by a shift.
export function meanCost(lacks, shift, under, over) {
  let sum = 0;
  for (const lack of lacks) sum += lack > shift ? under * (lack - shift) : over * (shift - lack);
  return sum / lacks.length;
}
