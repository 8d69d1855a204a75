// Sliders of a run on quantities: how much an interval is to hold, and what too little costs against too much.
// Every stop of a slider was computed with the tables of the page, so that what it says is what they say.

import { byId, fill, h } from './dom.js';
import { Scale, ticks } from './drawing.js';

export class QuantityView {
  constructor({ coverage, cost, drawings, decide, scaled }) {
    const inUnits = scaled ? ', in units of what is expected of the row' : '';
    this.coverage = new Stops('live-coverage', { ...coverage, decide, drawing: drawings.coverage,
      asks: 'intervals hold', label: 'share of values that intervals are to hold', chipName: (one) => `${Number((100 * one).toPrecision(4))}\u00a0%`,
      axis: `true less predicted, out of fold${inUnits}; the dashed line is the prediction` });
    this.cost = new Stops('live-cost', { ...cost, decide, drawing: drawings.cost,
      asks: 'too little against too much costs', label: 'cost of too little against too much', chipName: ([under, over]) => `${under} : ${over}`,
      axis: 'true less predicted, out of fold; the dashed line is the prediction' });
    document.documentElement.classList.add('live');
  }
}

// A slider over stops, each with its name, the ends that it draws, the lines of its table and its rule.
class Stops {
  constructor(place, { stops, chips, start, decide, drawing, asks, label, chipName, axis }) {
    if (!stops.length) return;
    Object.assign(this, { stops, decide });
    this.slider = h('input', { type: 'range', min: 0, max: stops.length - 1, step: 1, class: 'wide-slider', 'aria-label': label, input: () => this.show(Number(this.slider.value)) });
    this.now = h('strong', { class: 'chosen-value', 'aria-live': 'polite' });
    this.body = h('tbody');
    this.command = h('code');
    this.drawing = errorDrawing(drawing, axis);
    const buttons = chips.map((one) => h('button', { type: 'button', class: 'chip', click: () => this.show(nearestStop(stops, one)) }, chipName(one)));
    const table = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `Figures: ${label}` }, h('table', { class: 'facing live-figures' }, this.body));
    const command = h('p', { class: 'command' }, h('span', { class: 'soft' }, 'This changes the decision: '), this.command);
    fill(byId(place), h('div', { class: 'controls' }, h('span', {}, `${asks} `, this.now), buttons), this.slider,
      h('div', { class: 'split' }, this.drawing.figure, h('div', {}, table, command)));
    byId(place).hidden = false;
    this.show(nearestStop(stops, start));
  }

  show(number) {
    const { name, ends, lines, rule } = this.stops[number];
    this.slider.value = String(number);
    this.slider.setAttribute('aria-valuetext', name);
    this.now.textContent = name;
    this.drawing.mark(ends);
    fill(this.body, lines.map(([head, value, more]) => h('tr', {}, h('th', { scope: 'row' }, head), h('td', { class: 'right' }, h('span', { class: 'value' }, value)), h('td', { class: 'soft' }, more))));
    this.command.textContent = `${this.decide} '${rule}'`;
  }
}

// Shares by their distance; costs by that of their ratios.
export function nearestStop(stops, wanted) {
  const size = (one) => (Array.isArray(one) ? Math.log(one[0] / one[1]) : one);
  const apart = stops.map(({ at }) => Math.abs(size(at) - size(wanted)));
  return apart.indexOf(Math.min(...apart));
}

// A histogram of errors, on which the ends of an interval, or how far predictions move, can be set.
function errorDrawing({ low, high, bars }, axis) {
  const scale = new Scale(low, high);
  const width = 100 / bars.length;
  const rects = bars.map((height, i) => h('rect', { class: 'above', x: `${i * width}%`, y: `${100 - height}%`, width: `${width}%`, height: `${height}%` }));
  const anchor = (at) => (at < 6 ? 'start' : at > 94 ? 'end' : 'middle');
  const names = ticks(scale, 4).map(({ at, text }) => h('text', { class: 'tick', x: `${at}%`, y: '100%', dy: 18, 'text-anchor': anchor(at) }, shortTick(text)));
  const zero = h('line', { class: 'rule', x1: `${scale.at(0)}%`, x2: `${scale.at(0)}%`, y1: 0, y2: '100%' });
  const area = h('rect', { class: 'inside-interval', y: 0, height: '100%' });
  const lines = h('g', {});
  const svg = h('svg', { 'aria-hidden': 'true', focusable: 'false' }, rects, area, zero, lines, names);
  const figure = h('figure', {}, h('div', { class: 'plot live-errors' }, svg), h('p', { class: 'axis below' }, axis));
  const mark = (ends) => {
    const [from, to] = [Math.min(...ends), Math.max(...ends)].map((end) => scale.at(end));
    area.setAttribute('x', `${from}%`);
    area.setAttribute('width', `${to - from}%`);
    fill(lines, ends.map((end) => h('line', { class: 'moved', x1: `${scale.at(end)}%`, x2: `${scale.at(end)}%`, y1: 0, y2: '100%' })));
  };
  return { figure, mark };
}

// Powers of ten where decimals would be many.
function shortTick(text) {
  return text.length > 10 ? String(Number(text.replaceAll(',', ''))) : text;
}
