// A threshold that can be dragged, typed or asked for, and every figure that follows it.

import { fill, h } from './dom.js';
import { scaleOf } from './drawing.js';
import { counted, figure, figureTexts, shortest, shortNumber } from './format.js';
import { figuresOf, highest, thresholdFor } from './sweep.js';
import { SweepDrawing } from './sweepdrawing.js';

const NAMES = {
  precision: 'precision', recall: 'recall', specificity: 'specificity', f1: 'F1', accuracy: 'accuracy',
  balanced_accuracy: 'balanced accuracy', mcc: 'Matthews correlation',
};
const RULES = [
  { kind: 'precision', target: 0.9, name: 'precision ≥ 90\u00a0%', text: 'precision>=0.9' },
  { kind: 'recall', target: 0.95, name: 'recall ≥ 95\u00a0%', text: 'recall>=0.95' },
  { kind: 'f1', name: 'best F1', text: 'f1' },
];

export class ThresholdPanel {
  constructor({ predictions, sweep, names, inForce, start, onMove, onBar, note, commandFor }) {
    Object.assign(this, { predictions, sweep, names, inForce, onMove, note, commandFor, rule: '' });
    const { probabilities } = predictions;
    const sorted = Float64Array.from([...sweep.positives, ...sweep.negatives]).sort();
    this.scale = scaleOf(sorted, probabilities, inForce === null ? [] : [inForce]);
    this.start = start ?? inForce ?? (probabilities ? 0.5 : thresholdFor(sweep, { kind: 'f1' }));
    this.drawing = new SweepDrawing({ sweep, scale: this.scale, names, inForce, probabilities, onBar, onMove: (t) => this.move(t, '') });
    this.figures = this.emptyFigures();
    this.element = h('div', { class: 'split' }, h('div', {}, this.drawing.figure), h('div', {}, this.controls(), this.figures.table, this.figures.counts, this.costs(), this.about()));
    this.show(this.start);
  }

  controls() {
    this.typed = h('input', { type: 'text', inputmode: 'decimal', class: 'typed', 'aria-label': 'threshold, typed', autocomplete: 'off', spellcheck: 'false' });
    this.typed.addEventListener('change', () => this.type());
    const rules = RULES.map((rule) => this.chip(rule.name, () => this.ask(rule)));
    const back = this.inForce === null ? [] : [this.chip('in force', () => this.move(this.inForce, ''))];
    this.refusal = h('p', { class: 'refusal', role: 'status' });
    return h('div', { class: 'controls' }, h('label', { class: 'typed-label' }, 'threshold ', this.typed), rules, back, this.refusal);
  }

  chip(name, click) {
    return h('button', { type: 'button', class: 'chip', click }, name);
  }

  type() {
    const value = Number(this.typed.value.trim().replace(/^\+/, '').replaceAll(',', ''));
    if (this.typed.value.trim() === '' || Number.isNaN(value)) {
      this.refusal.textContent = `“${this.typed.value.trim()}” is not a number; the threshold stays.`;
      this.typed.value = String(this.threshold);
      return;
    }
    this.move(value, '');
    this.typed.value = String(value);
  }

  ask(rule) {
    const found = thresholdFor(this.sweep, rule);
    if (found !== null) return this.move(found, rule.text);
    const best = highest(this.sweep, rule.kind);
    this.refusal.textContent = `No threshold reaches ${rule.name}; the highest ${rule.kind} is ${figure(rule.kind, best.value)}, at ${shortNumber(best.threshold)}.`;
  }

  move(threshold, rule) {
    this.rule = rule;
    this.show(threshold);
    this.onMove?.(threshold);
  }

  emptyFigures() {
    const cells = {};
    const rows = Object.entries(NAMES).map(([key, name]) => {
      const value = h('span', { class: 'value', 'data-figure': key });
      const interval = h('td', { class: 'soft' });
      const n = h('td', { class: 'soft right' });
      cells[key] = { value, interval, n };
      return h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'right' }, value), interval, n);
    });
    const head = h('tr', {}, h('th', { scope: 'col' }, h('span', { class: 'hidden' }, 'figure')), h('th', { scope: 'col', class: 'right' }, 'out of fold'), h('th', { scope: 'col' }, '95\u00a0% interval'), h('th', { scope: 'col', class: 'right' }, 'n'));
    const table = h('table', { class: 'facing live-figures' }, h('thead', {}, head), h('tbody', {}, rows));
    const counts = h('dl', { class: 'counts' });
    return { cells, table: h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Figures at this threshold' }, table), counts };
  }

  show(threshold) {
    this.threshold = threshold;
    this.counts = this.sweep.at(threshold);
    const figures = figuresOf(this.counts);
    const keys = Object.keys(this.figures.cells);
    const texts = figureTexts(keys.map((key) => ({ key, value: figures[key].value, low: figures[key].interval[0], high: figures[key].interval[1] })));
    keys.forEach((key, i) => this.showFigure(this.figures.cells[key], texts[i], figures[key]));
    this.drawing.move(threshold, figures);
    this.refusal.textContent = '';
    this.typed.value = String(shortest(threshold, (short) => this.answersAs(short)));
    this.typed.dataset.value = String(threshold);
    this.showCounts();
    this.showCost();
    this.command.textContent = this.commandFor(this.rule);
  }

  answersAs(threshold) {
    const { tp, fp } = this.sweep.at(threshold);
    return tp === this.counts.tp && fp === this.counts.fp;
  }

  showFigure(cell, text, { value, interval: [low, high], n }) {
    cell.value.textContent = text.value;
    cell.value.dataset.value = String(value);
    cell.value.dataset.low = String(low);
    cell.value.dataset.high = String(high);
    cell.interval.textContent = text.interval;
    cell.n.textContent = counted(n);
  }

  showCounts() {
    const { tp, fp, fn, tn } = this.counts;
    const positive = `of ${counted(tp + fn)} “${this.names[1]}”`;
    const rows = [['found', tp, positive, 'tp'], ['missed', fn, positive, 'fn'], ['false alarms', fp, `of ${counted(fp + tn)} others`, 'fp']];
    fill(this.figures.counts, rows.map(([name, count, of, id]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, h('span', { class: 'value', 'data-count': id }, counted(count)), ' ', h('span', { class: 'note' }, of)))));
  }

  costs() {
    const number = (label) => h('input', { type: 'number', min: 0, step: 'any', value: 1, class: 'cost', 'aria-label': label });
    this.costOfAlarm = number('cost of a false alarm');
    this.costOfMiss = number('cost of a miss');
    this.cost = h('span', { class: 'value', 'data-figure': 'cost' });
    for (const input of [this.costOfAlarm, this.costOfMiss]) input.addEventListener('input', () => this.showCost());
    const click = () => {
      const [fp, fn] = this.prices();
      this.ask({ kind: 'cost', fp, fn, name: 'that', text: `cost fp=${fp} fn=${fn}` });
    };
    return h('p', { class: 'costs' }, 'A false alarm costs ', this.costOfAlarm, ', a miss ', this.costOfMiss, ': in all ', this.cost, ' ', this.chip('cheapest', click));
  }

  prices() {
    return [this.costOfAlarm, this.costOfMiss].map((input) => Math.max(Number(input.value) || 0, 0));
  }

  showCost() {
    const [fp, fn] = this.prices();
    const cost = fp * this.counts.fp + fn * this.counts.fn;
    this.cost.textContent = cost.toLocaleString('en-US', { maximumFractionDigits: 2 });
    this.cost.dataset.value = String(cost);
  }

  about() {
    this.command = h('code', {});
    return h('p', { class: 'soft about-threshold' }, this.note, ' ', this.command);
  }
}
