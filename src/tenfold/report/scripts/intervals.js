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

// From a standard error, symmetric in the log odds; at 0 and 1, where there are none, symmetric as far as it goes.
export function logitInterval(value, error) {
  if (!(value > 0 && value < 1)) return [Math.max(value - Z * error, 0), Math.min(value + Z * error, 1)];
  const middle = Math.log(value / (1 - value));
  const half = (Z * error) / (value * (1 - value));
  const at = (x) => 1 / (1 + Math.exp(Math.min(-x, 700)));
  return [Math.min(at(middle - half), value), Math.max(at(middle + half), value)];
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
