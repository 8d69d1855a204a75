// Sliders of a run on quantities: how much an interval is to hold, and what too little costs against too much.

import { byId, fill, h } from './dom.js';
import { histogram, Scale, ticks } from './drawing.js';
import { insideCount, intervalFor, meanCost, mostCoverage, shiftFor } from './errorsizes.js';
import { counted, figureTexts, percent } from './format.js';
import { wilson } from './intervals.js';
import { placeOf } from './sweep.js';
import { unpacked } from './unpack.js';

const COVERAGES = [0.5, 0.8, 0.9, 0.95, 0.99];
const RATIOS = [[1, 9], [1, 3], [1, 1], [3, 1], [9, 1]];
const ERROR_BARS = 60;
const OUTERMOST = 0.002;
const MOST_RATIO = 50;

export async function readQuantity(data) {
  return { ...data, lacks: await unpacked(data.lacks), tested: await unpacked(data.tested) };
}

export class QuantityView {
  constructor(quantity) {
    this.quantity = quantity;
    const { lacks } = quantity;
    const at = (share) => lacks[Math.round(share * (lacks.length - 1))];
    this.scale = new Scale(Math.min(at(OUTERMOST), 0), Math.max(at(1 - OUTERMOST), 0));
    this.bars = histogram(lacks, this.scale, Math.min(ERROR_BARS, Math.max(8, Math.round(1.5 * Math.sqrt(lacks.length)))), placeOf);
    this.drawCoverage();
    this.drawCost();
    document.documentElement.classList.add('live');
  }

  drawCoverage() {
    const { rows, coverage } = this.quantity;
    const most = Math.min(mostCoverage(rows), 0.999);
    if (!(most > 0.3)) return;
    this.most = most;
    this.slider = h('input', { type: 'range', min: 0, max: 1000, step: 1, class: 'wide-slider', 'aria-label': 'share of values that intervals are to hold', input: () => this.cover(this.shareAt(Number(this.slider.value))) });
    this.covered = h('strong', { class: 'chosen-value', 'aria-live': 'polite' });
    const chips = COVERAGES.filter((one) => one <= most).map((one) => h('button', { type: 'button', class: 'chip', click: () => this.cover(one) }, percent(one)));
    this.coverageFigures = h('tbody');
    this.coverageCommand = h('code');
    this.coverageDrawing = this.drawing('How errors lie, and the interval on them');
    fill(byId('live-coverage'),
      h('div', { class: 'controls' }, h('span', {}, 'intervals hold ', this.covered), chips),
      this.slider,
      h('div', { class: 'split' }, this.coverageDrawing.figure, h('div', {}, this.table(this.coverageFigures, 'Figures at this coverage'), h('p', { class: 'command' }, h('span', { class: 'soft' }, 'This changes the decision: '), this.coverageCommand))));
    byId('live-coverage').hidden = false;
    this.cover(coverage ?? Math.min(0.9, most));
  }

  // Evenly in how many lie outside, on a logarithmic scale: 50 % to the most that the rows can give.
  shareAt(place) {
    const least = 1 - this.most;
    return 1 - 0.9 * (least / 0.9) ** (place / 1000);
  }

  placeOfShare(share) {
    return (1000 * Math.log((1 - share) / 0.9)) / Math.log((1 - this.most) / 0.9);
  }

  cover(share) {
    const { lacks, tested, rows, test_rows: testRows, noun, decide } = this.quantity;
    const rounded = Number(share.toFixed(share > 0.98 ? 4 : 3));
    const ends = intervalFor(lacks, rows, rounded) ?? intervalFor(lacks, rows, share);
    if (!ends) return;
    const [below, above] = ends;
    const inside = insideCount(lacks, rows, below, above);
    const onTest = insideCount(tested, testRows, below, above);
    this.slider.value = String(Math.round(this.placeOfShare(share)));
    this.covered.textContent = percent(rounded);
    this.coverageDrawing.mark([below, above]);
    fill(this.coverageFigures,
      figureLine('from', signedText(below), '', ''),
      figureLine('to', signedText(above), '', ''),
      figureLine('width', sizeText(above - below), '', ''),
      shareLine('inside, out of fold', inside, rows),
      testRows ? shareLine('inside, on the test set', onTest, testRows) : null,
      figureLine(`${noun[1]} outside, out of fold`, counted(rows - inside), `of ${counted(rows)}`),
      testRows ? figureLine(`${noun[1]} outside, test set`, counted(testRows - onTest), `of ${counted(testRows)}`) : null);
    this.coverageCommand.textContent = `${decide} 'coverage>=${rounded}'`;
  }

  drawCost() {
    const { cost } = this.quantity;
    this.costSlider = h('input', { type: 'range', min: -1000, max: 1000, step: 1, class: 'wide-slider', 'aria-label': 'cost of too little against too much', input: () => this.charge(...this.ratioAt(Number(this.costSlider.value))) });
    this.charged = h('strong', { class: 'chosen-value', 'aria-live': 'polite' });
    const chips = RATIOS.map(([under, over]) => h('button', { type: 'button', class: 'chip', click: () => this.charge(under, over) }, `${under} : ${over}`));
    this.costFigures = h('tbody');
    this.costCommand = h('code');
    this.costDrawing = this.drawing('How errors lie, and how far predictions move');
    fill(byId('live-cost'),
      h('div', { class: 'controls' }, h('span', {}, 'too little against too much costs ', this.charged), chips),
      this.costSlider,
      h('div', { class: 'split' }, this.costDrawing.figure, h('div', {}, this.table(this.costFigures, 'Figures at these costs'), h('p', { class: 'command' }, h('span', { class: 'soft' }, 'This changes the decision: '), this.costCommand))));
    byId('live-cost').hidden = false;
    this.charge(...(cost ?? [3, 1]));
  }

  ratioAt(place) {
    const times = MOST_RATIO ** (Math.abs(place) / 1000);
    const rounded = Number(times.toPrecision(times < 10 ? 2 : 2));
    return place >= 0 ? [rounded, 1] : [1, rounded];
  }

  charge(under, over) {
    const { lacks, tested, rows, test_rows: testRows, decide } = this.quantity;
    const shift = shiftFor(lacks, rows, under, over);
    this.costSlider.value = String(Math.round((1000 * Math.log(under / over)) / Math.log(MOST_RATIO)));
    this.charged.textContent = `${ratioText(under)} : ${ratioText(over)}`;
    this.costDrawing.mark([shift]);
    const [before, after, testBefore, testAfter] = [[lacks, 0], [lacks, shift], [tested, 0], [tested, shift]].map(([errors, by]) => meanCost(errors, by, under, over));
    fill(this.costFigures,
      figureLine('predictions move by', signedText(shift), ''),
      figureLine('mean cost, as predicted', sizeText(before), 'out of fold'),
      figureLine('mean cost, moved', sizeText(after), `out of fold${savedText(before, after)}`),
      testRows ? figureLine('mean cost, as predicted', sizeText(testBefore), 'test set') : null,
      testRows ? figureLine('mean cost, moved', sizeText(testAfter), `test set${savedText(testBefore, testAfter)}`) : null);
    this.costCommand.textContent = `${decide} 'cost under=${under} over=${over}'`;
  }

  table(body, label) {
    return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, h('table', { class: 'facing live-figures' }, body));
  }

  // A histogram of true less predicted, on which lines can be set.
  drawing(label) {
    const { scale, bars } = this;
    const peak = Math.max(...bars.counts);
    const width = 100 / bars.counts.length;
    const rects = bars.counts.map((count, i) => h('rect', { class: 'above', x: `${i * width}%`, y: `${100 - (100 * count) / peak}%`, width: `${width}%`, height: `${(100 * count) / peak}%` }));
    const valueAt = (at) => scale.low + (at / 100) * (scale.high - scale.low);
    const marks = ticks(scale, 4).map(({ at, text }) => h('text', { class: 'tick', x: `${at}%`, y: '100%', dy: 18, 'text-anchor': at < 4 ? 'start' : at > 96 ? 'end' : 'middle' }, text.length > 9 ? sizeText(valueAt(at)) : text));
    const zero = h('line', { class: 'rule', x1: `${scale.at(0)}%`, x2: `${scale.at(0)}%`, y1: 0, y2: '100%' });
    const area = h('rect', { class: 'inside-interval', y: 0, height: '100%' });
    const lines = h('g', {});
    const svg = h('svg', { 'aria-hidden': 'true', focusable: 'false' }, rects, area, zero, lines, marks);
    const figure = h('figure', { role: 'img', 'aria-label': label }, h('div', { class: 'plot live-errors' }, svg), h('p', { class: 'axis below' }, 'true less predicted, out of fold; the dashed line is the prediction'));
    const mark = (places) => {
      const shown = places.map((one) => scale.at(one));
      const isInterval = shown.length === 2;
      area.setAttribute('x', `${shown[0]}%`);
      area.setAttribute('width', `${isInterval ? Math.max(shown[1] - shown[0], 0) : 0}%`);
      fill(lines, shown.map((x) => h('line', { class: 'moved', x1: `${x}%`, x2: `${x}%`, y1: 0, y2: '100%' })));
    };
    return { figure, mark };
  }
}

function figureLine(name, value, interval = '') {
  return h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'right' }, h('span', { class: 'value' }, value)), h('td', { class: 'soft' }, interval));
}

function shareLine(name, inside, rows) {
  const [low, high] = wilson(inside, rows);
  const [text] = figureTexts([{ key: 'coverage', value: inside / rows, low, high }]);
  return figureLine(name, text.value, `${text.interval}, of ${counted(rows)}`);
}

function savedText(before, after) {
  return before > 0 ? `, ${after <= before ? 'saves' : 'adds'} ${percent(Math.abs(before - after) / before)}` : '';
}

function ratioText(value) {
  return String(Number(value.toPrecision(3)));
}

// Three figures; powers of ten where decimals would be many.
export function sizeText(value) {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? '0' : 'undefined';
  const rounded = Number(value.toPrecision(3));
  const text = Math.abs(rounded) < 1e-4 || Math.abs(rounded) >= 1e12
    ? rounded.toExponential().replace('e+', 'e')
    : rounded.toLocaleString('en-US', { maximumFractionDigits: 10 });
  return text.startsWith('-') ? `\u2212${text.slice(1)}` : text;
}

function signedText(value) {
  return value > 0 ? `+${sizeText(value)}` : sizeText(value);
}
