// The confusion matrix: six readings, cells that open, and what a cell says when one rests on it.

import {
  cellSentence, countedMatrix, frequentErrors, mostConfused, order, read, READINGS, sums,
} from './confusion.js';
import { arrowKeys, byId, fill, h } from './dom.js';
import { overview } from './overview.js';
import { counted, fixed, percent, percents, times } from './format.js';

const MANY = 40;
const LARGEST_TABLE = 100;
const DARK_TEXT_FROM = 0.65;
const FREQUENT = 6;
const WIDE = 6;
const HINT = 'Rest on a cell, or move to it with the arrow keys, for its share of the actual class with interval and spread over the folds.';

export class MatrixView {
  constructor(predictions, gallery, go) {
    Object.assign(this, { predictions, gallery, go, all: false, state: {} });
    const place = byId('live-matrix');
    this.tools = h('div', { class: 'tools' });
    this.box = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Confusion matrix' });
    this.note = h('p', { class: 'over soft' });
    this.told = h('p', { class: 'told soft', 'aria-live': 'off' }, HINT);
    this.scale = h('p', { class: 'colour-scale soft' });
    this.sentences = h('div', { class: 'frequent' });
    this.side = h('div', { class: 'side', id: 'instances' });
    const left = h('div', { class: 'drawn' }, this.note, this.box, this.scale, this.told, this.sentences);
    this.layout = h('div', { class: 'opened' }, left, this.side);
    fill(place, this.tools, this.layout);
    this.listen();
    place.hidden = false;
  }

  listen() {
    const rest = (event) => this.tell(event.target.closest('[data-a]'));
    this.box.addEventListener('mouseover', rest);
    this.box.addEventListener('focusin', rest);
    this.box.addEventListener('click', (event) => this.click(event.target.closest('button')));
    arrowKeys(this.box, (from, step) => this.beside(from, step));
  }

  beside(from, [down, across]) {
    const cell = from.closest('td, th');
    let row = cell.parentElement;
    let at = cell.cellIndex;
    for (;;) {
      at += across;
      if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      const next = row?.cells[at];
      if (!next) return null;
      const found = next.querySelector('button');
      if (found) return found;
    }
  }

  click(button) {
    if (!button) return;
    const cell = [codeOr(button.dataset.a), codeOr(button.dataset.p)];
    const { pinned } = this.gallery;
    this.go.open({ cells: pinned ? [pinned, cell] : [cell] });
  }

  draw(state) {
    this.state = state;
    this.reading = READINGS.find((one) => one.id === state.matrix) ?? this.usual();
    const { k, actual, called } = this.predictions;
    this.counts = countedMatrix(actual, called, k);
    this.shown = order(this.counts, k, state.sort === 'confusion');
    if (!this.all && k > MANY) this.shown = mostConfused(this.counts, k, MANY, this.shown);
    this.drawTools();
    this.drawTable();
    this.drawSentences();
    this.drawSide();
  }

  // The threshold has moved: the counts follow, the tools stay.
  recount() {
    const { k, actual, called } = this.predictions;
    this.counts = countedMatrix(actual, called, k);
    this.drawTable();
    this.drawSentences();
  }

  usual() {
    return READINGS[0];
  }

  drawTools() {
    const tabs = READINGS.map((one) =>
      h('button', { type: 'button', 'aria-pressed': String(one === this.reading), 'data-reading': one.id, click: () => this.go.change({ matrix: one.id }) }, one.name),
    );
    const sorted = this.state.sort === 'confusion';
    const sort = h('button', { type: 'button', 'aria-pressed': String(sorted), click: () => this.go.change({ sort: sorted ? '' : 'confusion' }) }, 'Most errors first');
    const parts = [h('div', { class: 'tabs', role: 'group', 'aria-label': 'Reading of the matrix' }, tabs)];
    if (this.predictions.k > 2) parts.push(h('div', { class: 'tabs', role: 'group', 'aria-label': 'Order' }, sort));
    if (this.predictions.k > MANY) parts.push(h('div', { class: 'tabs', role: 'group', 'aria-label': 'Classes' }, this.allButton()));
    const focused = this.tools.contains(document.activeElement) ? document.activeElement.textContent : null;
    fill(this.tools, parts);
    if (focused) [...this.tools.querySelectorAll('button')].find((one) => one.textContent === focused)?.focus();
  }

  allButton() {
    const click = () => {
      this.all = !this.all;
      this.draw(this.state);
    };
    return h('button', { type: 'button', 'aria-pressed': String(this.all), click }, `All ${counted(this.predictions.k)} classes`);
  }

  drawTable() {
    const { k, classes } = this.predictions;
    this.view = read(this.counts, k, this.reading);
    this.shares = k <= WIDE && this.reading.by ? percents([...this.view.values]) : [];
    this.wrong = sums(this.counts, k, true);
    if (this.all && k > LARGEST_TABLE) return this.drawOverview();
    const focused = this.focusedCell();
    const many = this.shown.length > 12 ? ' many' : this.shown.length > 6 ? ' several' : '';
    const sumName = this.reading.errorsOnly ? 'errors' : 'all';
    const corner = h('th', { scope: 'col', class: 'corner' }, h('span', { class: 'hidden' }, 'actual, then predicted as'));
    const names = this.shown.map((p) => h('th', { scope: 'col', title: classes[p] }, h('span', {}, short(classes[p], k))));
    const head = h('tr', {}, corner, names, h('th', { scope: 'col', class: 'sums' }, sumName));
    const body = this.shown.map((a) => this.row(a));
    const kind = `matrix${this.reading.errorsOnly ? ' hatched' : ''}${many}`;
    fill(this.box, h('table', { class: kind, 'aria-label': this.reading.name }, h('thead', {}, head), h('tbody', {}, body, this.sumRow())));
    this.drawNotes();
    const buttons = [...this.box.querySelectorAll('button')];
    buttons.forEach((button) => { button.tabIndex = -1; });
    const selected = this.box.querySelector('[aria-pressed="true"]') ?? buttons[0];
    if (selected) selected.tabIndex = 0;
    if (focused) this.box.querySelector(`button[data-a="${focused.a}"][data-p="${focused.p}"]`)?.focus();
  }

  // Hundreds of classes: a picture of all cells, the sentences below it for the keyboard.
  drawOverview() {
    const picture = overview(this.view.depth, this.counts, this.shown, this.predictions.k);
    const cellAt = (event) => {
      const room = picture.getBoundingClientRect();
      const place = (share) => this.shown[Math.min(Math.floor(Math.max(share, 0) * this.shown.length), this.shown.length - 1)];
      return [place((event.clientY - room.top) / room.height), place((event.clientX - room.left) / room.width)];
    };
    picture.addEventListener('mousemove', (event) => fill(this.told, cellSentence(this.predictions, ...cellAt(event))));
    picture.addEventListener('click', (event) => this.go.open({ cells: [cellAt(event)] }));
    fill(this.box, picture);
    this.drawNotes();
  }

  focusedCell() {
    const now = document.activeElement;
    return now && this.box.contains(now) && now.dataset.a !== undefined ? { ...now.dataset } : null;
  }

  row(a) {
    const { classes } = this.predictions;
    const sum = this.view.totals.rows[a];
    const label = `${counted(sum)} ${this.reading.errorsOnly ? `errors on ${classes[a]}` : `of ${classes[a]}`}`;
    const errors = this.wrong.rows[a];
    const total = errors ? h('button', { type: 'button', 'data-a': a, 'data-p': '', 'aria-label': `${label}: open the errors` }, counted(sum)) : counted(sum);
    return h('tr', {}, h('th', { scope: 'row', title: classes[a] }, short(classes[a], 2)), this.shown.map((p) => this.cell(a, p)), h('td', { class: 'sums' }, total));
  }

  sumRow() {
    const { classes } = this.predictions;
    const name = this.reading.errorsOnly ? 'errors' : 'all';
    const { columns, all } = this.view.totals;
    const wrong = this.wrong.columns;
    const cells = this.shown.map((p) => {
      const label = `${counted(columns[p])} ${this.reading.errorsOnly ? 'errors ' : ''}called ${classes[p]}: open the errors`;
      return h('td', { class: 'sums' }, wrong[p] ? h('button', { type: 'button', 'data-a': '', 'data-p': p, 'aria-label': label }, counted(columns[p])) : counted(columns[p]));
    });
    return h('tr', { class: 'sum-row' }, h('th', { scope: 'row' }, name), cells, h('td', { class: 'sums' }, counted(all)));
  }

  cell(a, p) {
    const { k, classes } = this.predictions;
    const at = a * k + p;
    const count = this.counts[at];
    const diagonal = a === p;
    if (diagonal && this.reading.errorsOnly) return h('td', { class: 'diagonal' }, h('span', { class: 'hidden' }, 'right'));
    const text = this.text(at, count);
    if (!count) return h('td', { class: 'none' }, text);
    const depth = diagonal ? 0 : this.view.depth[at];
    const kind = diagonal ? 'diagonal' : depth >= DARK_TEXT_FROM ? 'bright' : '';
    const label = `${text}${this.reading.by ? ' %' : ''}: ${classes[a]} called ${classes[p]}, ${times(count)}`;
    const pressed = String(this.isOpen(a, p));
    const button = h('button', { type: 'button', 'data-a': a, 'data-p': p, 'aria-label': label, 'aria-pressed': pressed, 'data-value': this.view.values[at] }, text);
    return h('td', { class: kind, style: { '--o': depth.toFixed(2) } }, button);
  }

  isOpen(a, p) {
    const { open } = this.state;
    return Boolean(open?.cells?.some(([x, y]) => x === a && y === p));
  }

  text(at, count) {
    const value = this.view.values[at];
    if (!this.reading.by) return counted(value);
    if (!count) return '0';
    const share = 100 * value;
    if (this.shown.length <= WIDE) return this.shares[at];
    if (this.reading.by === 'all') return share < 0.05 ? '<0.1' : fixed(share, 1);
    return share < 0.5 ? '<1' : fixed(share, 0);
  }

  drawNotes() {
    const { reading, view } = this;
    const noun = this.predictions.noun(2);
    const errors = reading.errorsOnly ? 'Percentages are shares of errors, not of all; right answers are hatched out. ' : '';
    const unit = reading.by ? `Percent ${reading.of}. ` : `Number of ${noun}. `;
    const few = view.someFew ? 'Where there are fewer than 10 errors the colour is paler. ' : '';
    fill(this.note, `${this.moved()}${unit}${errors}${few}Select a cell to see its ${noun}.`);
    const top = reading.by ? percent(view.top) : counted(view.top);
    const what = reading.by ? reading.of : noun;
    fill(this.scale, '0', h('span', { class: 'ramp', 'aria-hidden': 'true' }), `${top} ${what}`);
    this.scale.hidden = !view.top;
  }

  moved() {
    const { positive, threshold } = this.predictions;
    const inForce = positive ? this.predictions.thresholdInForce() : threshold;
    return threshold === inForce ? '' : `At the threshold ${threshold}, which is not in force. `;
  }

  drawSentences() {
    const found = frequentErrors(this.counts, this.predictions.k, FREQUENT);
    if (!found.length) return fill(this.sentences, h('p', { class: 'empty' }, `No ${this.predictions.noun(1)} was taken for another class.`));
    const { rows } = this.wrong;
    const items = found.map(({ a, p, count }) => h('li', {}, h('a', { href: this.go.address({ cells: [[a, p]] }) }, this.sentence(a, p, count, rows[a]))));
    fill(this.sentences, h('h3', {}, 'The most frequent confusions'), h('ul', {}, items));
  }

  sentence(a, p, count, errors) {
    const { classes, spoken, k, noun } = this.predictions;
    const [name, other] = [`“${spoken[a]}”`, `“${classes[p]}”`];
    const instances = `${counted(count)} ${noun.call(this.predictions, count)}`;
    if (k === 2) return `${instances} of ${name} called ${other}`;
    return `${percent(count / errors)} of the errors on ${name} are called ${other} (${instances})`;
  }

  tell(cell) {
    if (!cell || cell.dataset.a === '' || cell.dataset.p === '') return;
    this.told.textContent = cellSentence(this.predictions, Number(cell.dataset.a), Number(cell.dataset.p));
  }

  drawSide() {
    const open = this.state.open?.cells ? this.state.open : null;
    this.layout.classList.toggle('wide-side', Boolean(open && (open.blocks || open.cells[1] || (this.predictions.held && !this.gallery.pictures.ready))));
    if (open) return this.gallery.draw(this.side, open);
    fill(this.side, h('p', { class: 'empty' }, `Select a cell, or a number beside the matrix, to see its ${this.predictions.noun(2)} here.`));
  }
}

function codeOr(text) {
  return text === '' ? null : Number(text);
}

function short(name, k) {
  const limit = k > 3 ? 8 : 18;
  return name.length > limit ? `${name.slice(0, limit - 1)}…` : name;
}
