// Numbers as people read them: the same texts as the tables of the page, see runs/verdict.py.

const SPACE = '\u00a0';
const RATES = new Set(['accuracy', 'balanced_accuracy', 'precision', 'recall', 'specificity', 'f1']);

// As Python rounds: a value halfway between two texts goes to the even one.
export function fixed(value, digits) {
  const halves = value * 2 ** (digits + 1);
  const scaled = Math.abs(value) * 10 ** digits;
  if (Number.isInteger(halves) && scaled % 1 === 0.5) {
    const even = 2 * Math.round(Math.floor(scaled) / 2 + (Math.floor(scaled) % 2 ? 0.5 : 0));
    return ((Math.sign(value) * even) / 10 ** digits).toFixed(digits);
  }
  return value.toFixed(digits);
}

export function percent(value) {
  const share = 100 * value;
  if (share === 0 || share === 100) return `${share}${SPACE}%`;
  let digits = 1;
  while (digits < 3 && isExtreme(share, digits)) digits += 1;
  return `${fixed(share, digits)}${SPACE}%`;
}

function isExtreme(share, digits) {
  const rounded = Number(fixed(share, digits));
  return rounded === 0 || rounded === 100 || Math.min(share, 100 - share) < 0.5 * 10 ** (1 - digits);
}

export function figure(key, value) {
  if (value === null || Number.isNaN(value)) return 'undefined';
  if (RATES.has(key)) return percent(value);
  return fixed(value, Math.abs(value) > 0.99 ? 4 : 3);
}

export function range(key, low, high) {
  if (low === null || high === null || Number.isNaN(low)) return '';
  return `${figure(key, low).replace(`${SPACE}%`, '')} to ${figure(key, high).replace(`${SPACE}%`, '')}`;
}

export function counted(count) {
  return count.toLocaleString('en-US');
}

// A score beside a picture: short, for many stand beside one another.
export function scoreText(score, probabilities) {
  if (probabilities) return fixed(score, 2);
  if (Math.abs(score) >= 100 || score === 0) return counted(Math.round(score));
  return Math.abs(score) < 1e-4 ? score.toExponential(1) : score.toPrecision(3);
}

// The shortest decimal number that `same` takes for the value.
export function shortest(value, same) {
  for (let digits = 3; digits < 17; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (same(short)) return short;
  }
  return value;
}

// Three figures and no zeros behind them.
export function shortNumber(value) {
  return Math.abs(value) >= 100 ? counted(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function times(count) {
  return count === 1 ? 'once' : `${counted(count)} times`;
}

// A word of a command line, quoted as a POSIX shell wants it.
export function word(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
