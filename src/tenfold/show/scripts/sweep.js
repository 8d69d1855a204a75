// What calling positive every row with score >= threshold gives, at any threshold: exact counts by binary search.

import { deltaError, intervalOfF1, intervalOfMean, wilson, Z } from './intervals.js';

export class Sweep {
  constructor(scores, isPositive) {
    const positives = scores.filter((_, i) => isPositive(i));
    const negatives = scores.filter((_, i) => !isPositive(i));
    this.positives = positives.sort();
    this.negatives = negatives.sort();
    this.points = null;
  }

  at(threshold) {
    const tp = this.positives.length - placeOf(this.positives, threshold);
    const fp = this.negatives.length - placeOf(this.negatives, threshold);
    return { tp, fp, fn: this.positives.length - tp, tn: this.negatives.length - fp };
  }

  // Distinct scores, decreasing, with the counts at each: computed when first asked for.
  curve() {
    if (this.points) return this.points;
    const thresholds = distinct(this.positives, this.negatives);
    const tp = new Uint32Array(thresholds.length);
    const fp = new Uint32Array(thresholds.length);
    let p = this.positives.length;
    let q = this.negatives.length;
    thresholds.forEach((threshold, i) => {
      while (p > 0 && this.positives[p - 1] >= threshold) p -= 1;
      while (q > 0 && this.negatives[q - 1] >= threshold) q -= 1;
      tp[i] = this.positives.length - p;
      fp[i] = this.negatives.length - q;
    });
    this.points = { thresholds, tp, fp };
    return this.points;
  }
}

// First place whose value is not below the threshold; the values increase.
export function placeOf(sorted, threshold) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

function distinct(first, second) {
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  all.sort();
  const kept = [];
  for (let i = all.length - 1; i >= 0; i -= 1) if (i === all.length - 1 || all[i] !== all[i + 1]) kept.push(all[i]);
  return Float64Array.from(kept);
}

const SHARE = (part, whole) => (whole > 0 ? part / whole : NaN);
const MCC = (tp, fp, P, N) => {
  const called = tp + fp;
  const spread = P * N * called * (P + N - called);
  return spread > 0 ? (tp * (P + N) - P * called) / Math.sqrt(spread) : NaN;
};

// Every figure of a 2 x 2 matrix, with its interval: of shares Wilson's, of the others what follows from them.
export function figuresOf({ tp, fp, fn, tn }) {
  const P = tp + fn;
  const N = fp + tn;
  const share = (hits, size) => ({ value: SHARE(hits, size), interval: wilson(hits, size), n: size });
  const recall = share(tp, P);
  const specificity = share(tn, N);
  return {
    precision: share(tp, tp + fp),
    recall,
    specificity,
    f1: { value: SHARE(2 * tp, tp + fp + P), interval: intervalOfF1(tp, fp, fn), n: P + N },
    accuracy: share(tp + tn, P + N),
    balanced_accuracy: { value: (recall.value + specificity.value) / 2, interval: intervalOfMean(recall, specificity), n: P + N },
    mcc: { value: MCC(tp, fp, P, N), interval: intervalOfMcc(tp, fp, P, N), n: P + N },
  };
}

function intervalOfMcc(tp, fp, P, N) {
  const value = MCC(tp, fp, P, N);
  const error = deltaError((a, b) => MCC(a, b, P, N), tp, fp, P, N);
  return Number.isFinite(error) ? [Math.max(value - Z * error, -1), Math.min(value + Z * error, 1)] : [NaN, NaN];
}

// The threshold that meets a rule, as decision/choose.py has it; null where none does.
export function thresholdFor(sweep, rule) {
  const { thresholds, tp, fp } = sweep.curve();
  const P = sweep.positives.length;
  if (rule.kind === 'cost') return cheapest(sweep, rule.fp, rule.fn);
  if (rule.kind === 'f1') return thresholds[bestPlace(tp, (i) => SHARE(2 * tp[i], tp[i] + fp[i] + P))];
  const reached = (i) => (rule.kind === 'recall' ? SHARE(tp[i], P) : SHARE(tp[i], tp[i] + fp[i])) >= rule.target;
  let found = null;
  for (let i = 0; i < thresholds.length; i += 1) {
    if (reached(i)) found = thresholds[i];
    if (found !== null && rule.kind === 'recall') break;
  }
  return found;
}

// The highest precision or recall that any threshold gives, and the highest threshold that gives it.
export function highest(sweep, key) {
  const { thresholds, tp, fp } = sweep.curve();
  const value = (i) => (key === 'recall' ? SHARE(tp[i], sweep.positives.length) : SHARE(tp[i], tp[i] + fp[i]));
  const best = bestPlace(tp, value);
  return { value: value(best), threshold: thresholds[best] };
}

function bestPlace(places, valueAt) {
  let best = 0;
  for (let i = 1; i < places.length; i += 1) if (valueAt(i) > valueAt(best)) best = i;
  return best;
}

function cheapest(sweep, costOfAlarm, costOfMiss) {
  const { thresholds, tp, fp } = sweep.curve();
  const P = sweep.positives.length;
  const cost = (i) => costOfAlarm * fp[i] + costOfMiss * (P - tp[i]);
  const best = bestPlace(tp, (i) => -cost(i));
  return costOfMiss * P <= cost(best) ? above(thresholds[0]) : thresholds[best];
}

// The next number up: what numpy.nextafter gives.
export function above(value) {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
