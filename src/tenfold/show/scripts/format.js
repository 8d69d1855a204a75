// Numbers as people read them: the same texts as the tables of the page, see decimals.py.

const SPACE = '\u00a0';
const RATES = new Set(['accuracy', 'balanced_accuracy', 'coverage', 'precision', 'recall', 'specificity', 'f1']);

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

// The digits of figures, by the rule of decimals.py: figures that stand together have the same number of decimals, more
// only where the ends of an interval would read the same or a value as nothing or all that is neither.
const MOST_DECIMALS = 6;
const BOUNDS = [0, 1];
const RATE = { scale: 100, decimals: 1, suffix: `${SPACE}%` };
const SCORE = { scale: 1, decimals: 3, suffix: '' };

// Texts of figures { key, value, low, high } that stand together: [{ value, interval }], in the same order.
export function figureTexts(figures) {
  const units = figures.map(({ key }) => (RATES.has(key) ? RATE : SCORE));
  const decimals = new Map([RATE, SCORE].map((unit) => [unit, decimalsOf(unit, figures.filter((_, i) => units[i] === unit))]));
  return figures.map((one, i) => textOf(units[i], one, decimals.get(units[i])));
}

export function figure(key, value) {
  return figureTexts([{ key, value }])[0].value;
}

export function percent(value) {
  return BOUNDS.includes(value) ? `${100 * value}${SPACE}%` : percents([value])[0];
}

// Shares that stand in a column.
export function percents(values) {
  return figureTexts(values.map((value) => ({ key: 'accuracy', value }))).map((text) => text.value);
}

function decimalsOf(unit, rows) {
  const all = Array.from({ length: MOST_DECIMALS - unit.decimals + 1 }, (_, i) => unit.decimals + i);
  const parts = rows.flatMap(({ value, low, high }) => [{ value }, { low, high }]);
  const some = parts.filter((row) => all.some((digits) => isClear(unit, row, digits)));
  return all.find((digits) => some.every((row) => isClear(unit, row, digits))) ?? MOST_DECIMALS;
}

function isClear(unit, { value, low, high }, digits) {
  if (isDefined(low) && isDefined(high) && low < high && isEqual(unit, low, high, digits)) return false;
  return !BOUNDS.some((end) => isDefined(value) && value !== end && isEqual(unit, value, end, digits));
}

function isDefined(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

function isEqual(unit, one, other, digits) {
  return scaled(unit, one, digits) === scaled(unit, other, digits);
}

function scaled(unit, value, digits) {
  const text = fixed(unit.scale * value, digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

function textOf(unit, { value, low, high }, digits) {
  const ends = isDefined(low) && isDefined(high) ? [low, high].map((end) => scaled(unit, end, digits)) : [];
  const interval = ends.length && ends[0] === ends[1] ? 'no width' : ends.join(' to ');
  return { value: valueOf(unit, value, digits), interval };
}

function valueOf(unit, value, digits) {
  if (!isDefined(value)) return 'undefined';
  const bound = BOUNDS.find((end) => value !== end && isEqual(unit, value, end, digits));
  if (bound === undefined) return `${scaled(unit, value, digits)}${unit.suffix}`;
  const nearest = bound + ((value < bound ? -1 : 1) * 10 ** -digits) / unit.scale;
  return `${value < bound ? '>' : '<'} ${scaled(unit, nearest, digits)}${unit.suffix}`;
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
