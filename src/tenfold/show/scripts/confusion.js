// The confusion matrix in every reading: counts and shares, which errors are frequent, and how sure a cell is.

import { counted, figureTexts } from './format.js';
import { wilson } from './intervals.js';

export const READINGS = [
  { id: 'counts', name: 'Counts', of: '', errorsOnly: false },
  { id: 'by-actual', name: 'By actual', of: 'of each actual class', errorsOnly: false, by: 'row' },
  { id: 'by-predicted', name: 'By predicted', of: 'of each predicted class', errorsOnly: false, by: 'column' },
  { id: 'by-all', name: 'By all', of: 'of all', errorsOnly: false, by: 'all' },
  { id: 'errors-by-actual', name: 'Errors by actual', of: 'of the errors on each actual class', errorsOnly: true, by: 'row' },
  { id: 'errors-by-predicted', name: 'Errors by predicted', of: 'of the errors called each class', errorsOnly: true, by: 'column' },
];

const FEW = 10;
const DEEPEST = 0.9;

export function countedMatrix(actual, called, k) {
  const counts = new Uint32Array(k * k);
  for (let i = 0; i < actual.length; i += 1) counts[actual[i] * k + called[i]] += 1;
  return counts;
}

// Row and column sums; of the errors alone, or of everything.
export function sums(counts, k, errorsOnly) {
  const rows = new Float64Array(k);
  const columns = new Float64Array(k);
  for (let a = 0; a < k; a += 1) {
    for (let p = 0; p < k; p += 1) {
      const count = errorsOnly && a === p ? 0 : counts[a * k + p];
      rows[a] += count;
      columns[p] += count;
    }
  }
  return { rows, columns, all: rows.reduce((sum, count) => sum + count, 0) };
}

export function wholeOf(reading, totals, a, p) {
  if (reading.by === 'row') return totals.rows[a];
  if (reading.by === 'column') return totals.columns[p];
  return totals.all;
}

// What a reading shows: the value of every cell (a count, or a share of its whole) and the depth of its colour.
export function read(counts, k, reading) {
  const totals = sums(counts, k, reading.errorsOnly);
  const values = new Float64Array(k * k);
  const few = new Uint8Array(k * k);
  let highest = 0;
  for (let a = 0; a < k; a += 1) {
    for (let p = 0; p < k; p += 1) {
      const whole = wholeOf(reading, totals, a, p);
      const at = a * k + p;
      values[at] = reading.by ? (whole > 0 ? counts[at] / whole : 0) : counts[at];
      few[at] = reading.errorsOnly && whole < FEW ? 1 : 0;
      if (a !== p && !few[at]) highest = Math.max(highest, values[at]);
    }
  }
  // With few errors everywhere, the few are all there is to colour.
  const top = highest || values.reduce((most, value, at) => (at % (k + 1) ? Math.max(most, value) : most), 0);
  const depth = values.map((value, at) => (top > 0 ? Math.min(value / top, 1) * DEEPEST * (few[at] && highest ? 0.5 : 1) : 0));
  return { values, depth, top, totals, someFew: few.some(Boolean) && highest > 0 };
}

export function order(counts, k, byConfusion) {
  const codes = Array.from({ length: k }, (_, code) => code);
  if (!byConfusion) return codes;
  const { rows, columns } = sums(counts, k, true);
  return codes.sort((a, b) => rows[b] + columns[b] - (rows[a] + columns[a]) || a - b);
}

// The classes with the most errors, in the order given.
export function mostConfused(counts, k, limit, ordered) {
  const kept = new Set(order(counts, k, true).slice(0, limit));
  return ordered.filter((code) => kept.has(code));
}

export function frequentErrors(counts, k, limit) {
  const cells = [];
  for (let a = 0; a < k; a += 1) {
    for (let p = 0; p < k; p += 1) if (a !== p && counts[a * k + p]) cells.push({ a, p, count: counts[a * k + p] });
  }
  return cells.sort((x, y) => y.count - x.count || x.a - y.a || x.p - y.p).slice(0, limit);
}

// Of the rows of an actual class, the share called another: with Wilson's interval, and on each fold.
export function cellShare(predictions, a, p) {
  const folds = predictions.folds;
  const inCell = new Uint32Array(folds);
  const ofClass = new Uint32Array(folds);
  const { actual, called, fold } = predictions;
  for (let i = 0; i < actual.length; i += 1) {
    if (actual[i] !== a) continue;
    ofClass[fold[i]] += 1;
    if (called[i] === p) inCell[fold[i]] += 1;
  }
  const count = inCell.reduce((sum, one) => sum + one, 0);
  const whole = ofClass.reduce((sum, one) => sum + one, 0);
  const [low, high] = wilson(count, whole);
  const each = [...ofClass].map((size, f) => (size ? inCell[f] / size : NaN)).filter((share) => !Number.isNaN(share));
  return { count, whole, low, high, each };
}

export function cellSentence(predictions, a, p) {
  const { count, whole, low, high, each } = cellShare(predictions, a, p);
  const name = predictions.spoken[a];
  if (!whole) return `There is no ${predictions.noun(1)} of “${name}”.`;
  const called = a === p ? 'rightly called so' : `called “${predictions.classes[p]}”`;
  const [share, spread] = figureTexts([{ key: 'recall', value: count / whole, low, high }, { key: 'recall', low: Math.min(...each), high: Math.max(...each) }]);
  const folds = new Set(each).size > 1 ? `; on the folds ${spread.interval}` : '';
  return `${counted(count)} of the ${counted(whole)} “${name}” are ${called}: ${share.value} (95\u00a0% interval ${share.interval}${folds}).`;
}
