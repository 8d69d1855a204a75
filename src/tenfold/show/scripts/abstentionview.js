// Several classes: leave the unsure ones unanswered, or hold one class against the rest.

import { Abstention, surenessOf } from './abstention.js';
import { byId, fill, h } from './dom.js';
import { pathOf, Scale, ticks } from './drawing.js';
import { counted, figureTexts, percent, shortest, word } from './format.js';
import { Sweep } from './sweep.js';
import { ThresholdPanel } from './thresholdpanel.js';

const TARGETS = [0.95, 0.98, 0.99, 0.995, 0.999];
const LEFT_SHOWN = 20;
const CURVE = 400;
const SHARE_SCALE = new Scale(0, 1);

export class AbstentionView {
  constructor(predictions, gallery, go) {
    Object.assign(this, { predictions, gallery, go, margin: false, code: null });
    this.unsure = h('div', {});
    this.one = h('div', {});
    const place = byId('live-threshold');
    fill(place, h('h3', {}, 'What if it answered only where it is sure?'), this.unsure, h('h3', {}, 'One class against the rest'), this.chooser(), this.one);
    place.hidden = false;
    this.drawUnsure();
  }

  drawUnsure() {
    const sureness = surenessOf(this.predictions, this.margin);
    this.abstention = new Abstention(sureness, (i) => this.predictions.actual[i] === this.predictions.called[i]);
    this.threshold = this.abstention.sorted[0];
    this.told = h('div', { class: 'answered', 'aria-live': 'off' });
    this.list = h('div', { class: 'flips' });
    fill(this.unsure, h('p', { class: 'sub' }, 'Whatever is less sure than the threshold is left to a person. The fewer are answered, the more of the answers are right.'),
      h('div', { class: 'split' }, this.picture(), h('div', {}, this.controls(), this.told)), this.list);
    this.show(this.threshold);
  }

  controls() {
    const kinds = [['highest score', false], ['lead over the second', true]].map(([name, margin]) =>
      h('button', { type: 'button', 'aria-pressed': String(this.margin === margin), click: () => this.choose(margin) }, name));
    const now = this.abstention.at(this.threshold).accuracy;
    const chips = TARGETS.filter((target) => target > now).slice(0, 3).map((target) =>
      h('button', { type: 'button', class: 'chip', click: () => this.reach(target) }, `accuracy ≥ ${Number((100 * target).toPrecision(4))}\u00a0%`));
    this.typed = h('input', { type: 'text', inputmode: 'decimal', class: 'typed', 'aria-label': 'threshold of sureness, typed', autocomplete: 'off', change: () => this.type() });
    this.refusal = h('p', { class: 'refusal', role: 'status' });
    const all = h('button', { type: 'button', class: 'chip', click: () => this.show(this.abstention.sorted[0]) }, 'answer all');
    return h('div', { class: 'controls' }, h('div', { class: 'tabs', role: 'group', 'aria-label': 'What sureness is' }, kinds),
      h('label', {}, 'at least ', this.typed), chips, all, this.refusal);
  }

  choose(margin) {
    this.margin = margin;
    this.drawUnsure();
    this.unsure.querySelector('.tabs [aria-pressed="true"]').focus();
  }

  reach(target) {
    const found = this.abstention.reaching(target);
    if (found === null) this.refusal.textContent = `No threshold makes ${Number((100 * target).toPrecision(4))}\u00a0% of the answers right.`;
    else this.show(found);
  }

  type() {
    const value = Number(this.typed.value.trim().replaceAll(',', ''));
    if (this.typed.value.trim() === '' || Number.isNaN(value)) this.refusal.textContent = `“${this.typed.value.trim()}” is not a number; the threshold stays.`;
    else {
      this.show(value);
      this.typed.value = String(value);
    }
  }

  // Accuracy of the answered, from its lowest to 100 %, over the share answered.
  picture() {
    const points = this.abstention.curve(CURVE);
    const floor = Math.floor(20 * Math.min(...points.map(([, accuracy]) => accuracy))) / 20;
    this.scale = new Scale(Math.min(floor, 0.95), 1);
    const lines = ticks(new Scale(100 * this.scale.low, 100)).map(({ at, text }) => [
      h('line', { class: 'grid', x1: 0, x2: '100%', y1: `${100 - at}%`, y2: `${100 - at}%` }),
      h('text', { class: 'tick', x: 0, y: `${100 - at}%`, dx: -8, dy: 4, 'text-anchor': 'end' }, text),
    ]);
    const below = ticks(new Scale(0, 100)).map(({ at, text }) => h('text', { class: 'tick', x: `${at}%`, y: '100%', dy: 18, 'text-anchor': 'middle' }, `${text}\u00a0%`));
    const path = pathOf(points.map(([x]) => x), points.map(([, y]) => y), SHARE_SCALE, this.scale);
    const stretched = h('svg', { viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', width: '100%', height: '100%' }, h('path', { class: 'line chosen', d: path }));
    this.rule = h('line', { class: 'rule live-rule', y1: 0, y2: '100%' });
    this.dot = h('circle', { class: 'dot chosen', r: 5 });
    this.slider = h('input', { type: 'range', min: 0, max: 1, step: 0.001, class: 'threshold-slider', 'aria-label': 'share answered', input: () => this.show(this.abstention.thresholdOf(Number(this.slider.value))) });
    const zoom = this.scale.low > 0 ? ` The scale begins at ${percent(this.scale.low)}.` : '';
    return h('div', { class: 'sweeping' }, h('p', { class: 'axis' }, `of the answered, percent right.${zoom}`),
      h('div', { class: 'plot coverage' }, h('svg', { 'aria-hidden': 'true', focusable: 'false' }, lines.flat(), below, stretched, this.rule, this.dot)),
      h('p', { class: 'axis below' }, `share of the ${this.predictions.noun(2)} answered`), this.slider);
  }

  show(threshold) {
    this.threshold = threshold;
    const found = this.abstention.at(threshold);
    const x = `${100 * found.coverage}%`;
    this.rule.setAttribute('x1', x);
    this.rule.setAttribute('x2', x);
    this.dot.setAttribute('cx', x);
    this.dot.setAttribute('cy', `${found.answered ? 100 - this.scale.at(found.accuracy) : 0}%`);
    this.dot.style.display = found.answered ? '' : 'none';
    this.slider.value = found.coverage;
    this.slider.setAttribute('aria-valuetext', `${percent(found.coverage)} answered`);
    this.typed.value = String(shortest(threshold, (short) => this.abstention.at(short).answered === found.answered));
    this.refusal.textContent = '';
    fill(this.told, this.figures(found));
    this.drawLeft(found);
  }

  figures({ answered, right, accuracy, low, high, coverage, left }) {
    const noun = this.predictions.noun(2);
    const [rightOf, share] = figureTexts([{ key: 'accuracy', value: answered ? accuracy : NaN, low, high }, { key: 'coverage', value: coverage }]);
    const rows = [
      ['right, of the answered', 'accuracy', accuracy, rightOf.value, rightOf.interval, `${counted(right)} of ${counted(answered)}`],
      ['answered', 'coverage', coverage, share.value, '', `${counted(answered)} of ${counted(this.abstention.n)} ${noun}`],
      ['left to a person', 'left', left, counted(left), '', `${counted(answered - right)} errors are still answered`],
    ];
    const body = rows.map(([name, key, value, text, interval, n]) => h('tr', {}, h('th', { scope: 'row' }, name),
      h('td', { class: 'right' }, h('span', { class: 'value', 'data-figure': key, 'data-value': value }, text)), h('td', { class: 'soft' }, interval), h('td', { class: 'soft' }, n)));
    const head = ['figure', 'out of fold', '95\u00a0% interval', 'n'].map((name, i) => h('th', { scope: 'col', class: i === 1 ? 'right' : '' }, i ? name : h('span', { class: 'hidden' }, name)));
    return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Figures at this threshold' },
      h('table', { class: 'facing live-figures' }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, body)));
  }

  drawLeft({ left, leftWrong }) {
    if (!left) return fill(this.list, h('p', { class: 'soft' }, 'Nothing is left to a person yet: move the threshold.'));
    const rows = Array.from(this.abstention.rows.subarray(Math.max(left - 6 * LEFT_SHOWN, 0), left)).reverse();
    const text = `: ${counted(leftWrong)} of them would have been answered wrongly. ${this.predictions.nearest()}`;
    const { classes, actual, called } = this.predictions;
    const name = (i) => (actual[i] === called[i] ? classes[actual[i]] : `${classes[actual[i]]} as ${classes[called[i]]}`);
    return fill(this.list, h('p', {}, h('strong', {}, `${counted(left)} ${this.predictions.noun(left)} left to a person`), text), this.gallery.strip(rows, LEFT_SHOWN, name, (i) => actual[i] !== called[i]));
  }

  chooser() {
    const options = this.predictions.classes.map((name, code) => h('option', { value: code }, name));
    this.select = h('select', { change: () => this.go.change({ class: this.predictions.classes[Number(this.select.value)], threshold: '' }) }, options);
    return h('p', { class: 'controls' }, h('label', {}, 'class ', this.select));
  }

  draw(state) {
    const code = Math.max(this.predictions.classes.indexOf(state.class ?? ''), 0);
    const threshold = state.threshold ? Number(state.threshold) : null;
    if (code !== this.code) this.drawOne(code, threshold);
    else if (threshold !== null && Number.isFinite(threshold) && threshold !== this.panel.threshold) this.panel.show(threshold);
  }

  drawOne(code, threshold) {
    const { predictions } = this;
    this.code = code;
    this.select.value = String(code);
    const scores = predictions.scores.subarray(code * predictions.n, (code + 1) * predictions.n);
    const sweep = new Sweep(scores, (i) => predictions.actual[i] === code);
    const name = predictions.classes[code];
    this.panel = new ThresholdPanel({
      predictions,
      sweep,
      names: ['the rest', name],
      inForce: null,
      start: threshold,
      note: `“${name}” against all other classes, by its score alone. Nothing here is in force: the model answers the class with the highest score. A detector of “${name}” would be made by:`,
      commandFor: (rule) => `${predictions.again} --positive ${word(name)} --decide '${rule || 'precision>=0.9'}'`,
      onMove: (moved) => this.go.keep({ class: name, threshold: String(moved) }),
    });
    fill(this.one, this.panel.element);
  }
}
