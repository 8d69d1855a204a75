// 95 % intervals in closed form: the same as evaluation/intervals.py.

export const Z = 1.959963984540054;

// Wilson (1927), JASA 22:209.
export function wilson(hits, size) {
  if (!(size > 0)) return [NaN, NaN];
  const square = Z * Z;
  const middle = (hits + square / 2) / (size + square);
  const half = (Z / (size + square)) * Math.sqrt(Math.max((hits * (size - hits)) / size, 0) + square / 4);
  return [hits <= 0 ? 0 : Math.max(middle - half, 0), hits >= size ? 1 : Math.min(middle + half, 1)];
}

// F1 is 2 J / (1 + J) of the share J that is right among all called or actually positive: Wilson's interval of J.
export function intervalOfF1(tp, fp, fn) {
  return wilson(tp, tp + fp + fn).map((share) => (2 * share) / (1 + share));
}

// The mean of two shares from the interval of each: Zou and Donner (2008), Statistics in Medicine 27:1693.
export function intervalOfMean(first, second) {
  const value = (first.value + second.value) / 2;
  const reach = (end) => Math.hypot(first.interval[end] - first.value, second.interval[end] - second.value) / 2;
  return [value - reach(0), value + reach(1)];
}

// Standard error of a figure of true and false positives, both classes drawn on their own: the delta method. The
// rates are drawn towards the middle as Agresti and Coull (1998) do, so that all of n or none of n is not certain.
export function deltaError(formula, tp, fp, positives, negatives) {
  const variance = (hits, all) => {
    const rate = (hits + (Z * Z) / 2) / (all + Z * Z);
    return all * rate * (1 - rate);
  };
  const step = 1e-3;
  const byTp = (formula(tp + step, fp) - formula(tp - step, fp)) / (2 * step);
  const byFp = (formula(tp, fp + step) - formula(tp, fp - step)) / (2 * step);
  return Math.sqrt(byTp ** 2 * variance(tp, positives) + byFp ** 2 * variance(fp, negatives));
}
