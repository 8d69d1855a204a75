// Precision and recall at every threshold, above the scores of the two classes, with the threshold of the moment.

import { arrowKeys, h } from './dom.js';
import { histogram, pathOf, Scale, ticks } from './drawing.js';
import { counted, percent, scoreText, shortNumber } from './format.js';
import { placeOf } from './sweep.js';

const BARS = 36;
const UNIT = new Scale(0, 1);
const POINTS = 600;
const NAME_HEIGHT = 11;

export class SweepDrawing {
  constructor({ sweep, scale, names, inForce, onMove, onBar, probabilities }) {
    Object.assign(this, { sweep, scale, names, inForce, onMove, onBar, probabilities });
    this.parts = this.drawn();
    this.figure = h('div', { class: 'sweeping' }, this.lines(), this.bars(), this.slider());
    this.listen();
  }

  drawn() {
    const moving = (tone) => h('circle', { class: `dot ${tone}`, r: 5, cx: '0%', cy: '0%' });
    const rule = () => h('line', { class: 'rule live-rule', y1: 0, y2: '100%' });
    return { precision: moving('chosen'), recall: moving('second'), above: rule(), below: rule() };
  }

  // Of sixty thousand distinct scores six hundred make the line.
  curves() {
    const { thresholds, tp, fp } = this.sweep.curve();
    const P = this.sweep.positives.length;
    const step = Math.max(1, Math.floor(thresholds.length / POINTS));
    const kept = [];
    for (let i = 0; i < thresholds.length; i += 1) if (i % step === 0 || i === thresholds.length - 1) kept.push(i);
    const xs = kept.map((i) => thresholds[i]);
    const inside = xs.map((x) => x >= this.scale.low && x <= this.scale.high);
    const of = (value) => pathOf(xs.filter((_, i) => inside[i]), kept.filter((_, i) => inside[i]).map(value), this.scale, UNIT);
    return { precision: of((i) => tp[i] / (tp[i] + fp[i])), recall: of((i) => tp[i] / P) };
  }

  lines() {
    const { precision, recall } = this.curves();
    const grid = ticks(UNIT).map(({ at }, i, all) => [
      h('line', { class: 'grid', x1: 0, x2: '100%', y1: `${100 - at}%`, y2: `${100 - at}%` }),
      h('text', { class: 'tick', x: 0, y: `${100 - at}%`, dx: -8, dy: 4, 'text-anchor': 'end' }, `${Math.round(at)}${i === all.length - 1 ? '\u00a0%' : ''}`),
    ]);
    const stretched = h('svg', { viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', width: '100%', height: '100%' },
      h('path', { class: 'line second', d: recall }), h('path', { class: 'line chosen', d: precision }));
    const labels = [['precision', 'chosen', this.endOf('precision')], ['recall', 'second', this.endOf('recall')]];
    const places = apart(labels.map(([, , y]) => y));
    const names = labels.map(([name, tone], i) => h('text', { class: `label ${tone}`, x: '100%', y: `${places[i]}%`, dx: 8, dy: 4 }, name));
    return h('div', { class: 'plot sweep' }, h('svg', { 'aria-hidden': 'true', focusable: 'false' }, grid.flat(), stretched, names, this.marked(), this.parts.above, this.parts.precision, this.parts.recall));
  }

  endOf(key) {
    const { tp, fp } = this.sweep.at(this.scale.high);
    const value = key === 'precision' ? tp / Math.max(tp + fp, 1) : tp / Math.max(this.sweep.positives.length, 1);
    return 100 - 100 * (key === 'precision' && tp + fp === 0 ? 1 : value);
  }

  marked() {
    if (this.inForce === null) return [];
    const x = this.scale.at(this.inForce);
    const anchor = x < 10 ? 'start' : x > 80 ? 'end' : 'middle';
    return [
      h('line', { class: 'rule', x1: `${x}%`, x2: `${x}%`, y1: -8, y2: '100%' }),
      h('text', { class: 'label', x: `${x}%`, y: -14, 'text-anchor': anchor }, `in force: ${shortNumber(this.inForce)}`),
    ];
  }

  bars() {
    const [above, below] = [this.sweep.negatives, this.sweep.positives].map((scores) => histogram(scores, this.scale, BARS, placeOf));
    const highest = Math.log1p(Math.max(...above.counts, ...below.counts, 1));
    const width = 100 / BARS;
    const height = (count) => (50 * Math.log1p(count)) / highest;
    const rects = above.counts.flatMap((count, i) => [
      h('rect', { class: 'above', x: `${i * width}%`, width: `${width * 0.9}%`, y: `${50 - height(count)}%`, height: `${height(count)}%` }),
      h('rect', { class: 'below', x: `${i * width}%`, width: `${width * 0.9}%`, y: '50%', height: `${height(below.counts[i])}%` }),
    ]);
    const names = [['quiet', '30%', this.names[0]], ['chosen', '76%', this.names[1]]].map(([tone, y, name]) =>
      h('text', { class: `label ${tone}`, x: '100%', y, dx: 8 }, name.length > 11 ? `${name.slice(0, 10)}…` : name));
    const numbers = ticks(this.scale).map(({ at, text }) => h('text', { class: 'tick', x: `${at}%`, y: '100%', dy: 18, 'text-anchor': 'middle' }, text));
    const svg = h('svg', { 'aria-hidden': 'true', focusable: 'false' }, rects, names, numbers, this.parts.below);
    return h('div', { class: 'plot histogram' }, svg, this.barButtons(above, below));
  }

  barButtons(above, below) {
    const box = h('div', { class: 'bar-buttons' });
    if (!this.onBar) return box;
    [above, below].forEach((side, of) => side.counts.forEach((count, i) => {
      if (!count) return;
      const [low, high] = [side.edges[i], side.edges[i + 1]];
      const ends = `${scoreText(this.scale.low + (i * (this.scale.high - this.scale.low)) / BARS, this.probabilities)}`;
      const label = `${counted(count)} ${this.names[of]} with a score from ${ends}`;
      const style = { left: `${(100 * i) / BARS}%`, width: `${100 / BARS}%`, top: `${50 * of}%` };
      box.append(h('button', { type: 'button', 'aria-label': label, title: label, tabindex: '-1', style, 'data-bar': i, 'data-of': of, click: () => this.onBar(low, high, of) }));
    }));
    const first = box.querySelector('button');
    if (first) first.tabIndex = 0;
    arrowKeys(box, (from, [down, across]) => nextBar(box, Number(from.dataset.bar), Number(from.dataset.of), down, across));
    return box;
  }

  slider() {
    const { low, high } = this.scale;
    this.input = h('input', { type: 'range', min: low, max: high, step: 'any', 'aria-label': 'threshold', class: 'threshold-slider' });
    this.input.addEventListener('input', () => this.onMove(Number(this.input.value)));
    this.input.addEventListener('keydown', (event) => this.step(event));
    return this.input;
  }

  // A key moves by a two-hundredth of the scale, with Shift by a twentieth of that.
  step(event) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const size = ((this.scale.high - this.scale.low) / 200) * (event.shiftKey ? 0.05 : 1);
    this.onMove(Number((Number(this.input.value) + way * size).toPrecision(12)));
  }

  listen() {
    const plot = this.figure.querySelector('.sweep');
    const drag = (event) => {
      if (event.buttons !== 1) return;
      const room = plot.firstElementChild.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - room.left) / room.width, 0), 1);
      this.onMove(this.scale.low + share * (this.scale.high - this.scale.low));
    };
    plot.addEventListener('pointerdown', drag);
    plot.addEventListener('pointermove', drag);
  }

  move(threshold, figures) {
    const x = `${this.scale.at(threshold)}%`;
    for (const rule of [this.parts.above, this.parts.below]) {
      rule.setAttribute('x1', x);
      rule.setAttribute('x2', x);
    }
    for (const key of ['precision', 'recall']) {
      const { value } = figures[key];
      this.parts[key].setAttribute('cx', x);
      this.parts[key].setAttribute('cy', `${Number.isNaN(value) ? 0 : 100 - 100 * value}%`);
      this.parts[key].style.display = Number.isNaN(value) ? 'none' : '';
    }
    this.input.value = threshold;
    this.input.setAttribute('aria-valuetext', `${threshold}: ${['precision', 'recall'].map((key) => `${key} ${Number.isNaN(figures[key].value) ? 'undefined' : percent(figures[key].value)}`).join(', ')}`);
  }
}

// Two places for names, moved as far from each other as their height asks, within the drawing.
function apart([first, second]) {
  const lacking = NAME_HEIGHT - Math.abs(second - first);
  if (lacking <= 0) return [first, second];
  const upper = Math.min(Math.max(Math.min(first, second) - lacking / 2, 0), 100 - NAME_HEIGHT);
  return first <= second ? [upper, upper + NAME_HEIGHT] : [upper + NAME_HEIGHT, upper];
}

function nextBar(box, bar, of, down, across) {
  if (down) return box.querySelector(`[data-bar="${bar}"][data-of="${down > 0 ? 1 : 0}"]`);
  for (let i = bar + across; i >= 0 && i < BARS; i += across) {
    const found = box.querySelector(`[data-bar="${i}"][data-of="${of}"]`);
    if (found) return found;
  }
  return null;
}
