// The instances of a cell, a class or a bar: pictures or rows, each with what is known of it.

import { instanceDetail } from './detail.js';
import { fill, h } from './dom.js';
import { counted, scoreText, word } from './format.js';

const FIRST = 40;
const MORE = 120;
const BLOCK = 25;

export class Gallery {
  constructor(predictions, pictures, go) {
    Object.assign(this, { predictions, pictures, go, leastSureFirst: false, pinned: null });
  }

  // One or two cells, or four blocks, or a bar of the histogram.
  draw(box, open) {
    if (this.pinned && String(open.cells?.[0]) !== String(this.pinned)) this.pinned = null;
    if (open.of !== undefined) return fill(box, this.bar(open));
    if (open.blocks) return fill(box, this.blocks(open.cells[0]));
    return fill(box, open.cells.map((cell, number) => this.panel(cell, open, number)));
  }

  panel([a, p], open, number) {
    const rows = this.ordered(this.predictions.cell(a, p));
    const title = h('h3', { tabindex: '-1' }, this.title(a, p));
    const foot = h('p', { class: 'after' }, this.links(a, p, open, number));
    return this.framed(title, rows, a, p, foot, this.cellCommand(a, p));
  }

  framed(title, rows, a, p, foot, command, ordered) {
    const frame = h('div', { class: 'panel', role: 'group', 'aria-label': title.textContent });
    const about = rows.length ? h('span', { class: 'soft' }, this.about(rows, ordered)) : '';
    const body = rows.length ? this.instances(rows) : h('p', { class: 'empty' }, this.nothing(a, p));
    fill(frame, h('div', { class: 'head' }, title, about), body, foot, this.commandLine(command));
    return frame;
  }

  title(a, p) {
    const { classes, spoken } = this.predictions;
    if (a === null) return `wrongly called ${spoken[p]}`;
    if (p === null) return `${spoken[a]} called something else`;
    return a === p ? `${spoken[a]} called ${classes[p]}, rightly` : `${spoken[a]} called ${classes[p]}`;
  }

  about(rows, ordered) {
    const noun = this.predictions.noun(rows.length);
    const order = ordered ?? (this.leastSureFirst ? 'least sure first' : 'surest first');
    if (!this.predictions.scores) return `${counted(rows.length)} ${noun} · in the order of the data`;
    const what = this.predictions.probabilities ? 'probability' : 'score';
    const number = this.predictions.positive ? `${what} of “${this.predictions.classes[1]}”` : `${what} of the answer`;
    return `${counted(rows.length)} ${noun} · ${order} · number: ${number}`;
  }

  ordered(rows) {
    return this.leastSureFirst ? rows.toReversed() : rows;
  }

  nothing(a, p) {
    const { classes, spoken } = this.predictions;
    const noun = this.predictions.noun(1);
    if (a === null) return `No ${noun} was wrongly called “${spoken[p]}”.`;
    if (p === null) return `No ${noun} of “${spoken[a]}” was called anything else.`;
    return `No ${noun} of “${spoken[a]}” was called “${classes[p]}”.${this.instead(a)}`;
  }

  // What to look at in place of nothing: where most errors of the class went.
  instead(a) {
    const { k, n, actual, called, classes } = this.predictions;
    const counts = new Uint32Array(k);
    for (let i = 0; i < n; i += 1) if (actual[i] === a && called[i] !== a) counts[called[i]] += 1;
    const most = counts.indexOf(Math.max(...counts));
    return counts[most] ? ` Most of its errors are called “${classes[most]}”.` : ' It has no errors at all.';
  }

  links(a, p, open, number) {
    const { classes, scores, held } = this.predictions;
    if (!held) return [this.link('close', null)];
    const one = a !== null && p !== null;
    const links = [];
    if (one && a !== p && !open.cells[1]) {
      links.push(this.link(`side by side with ${classes[p]} called ${classes[a]}`, { cells: [[a, p], [p, a]] }));
      links.push(this.link('as four blocks', { cells: [[a, p]], blocks: true }));
    }
    if (scores) links.push(this.button(this.leastSureFirst ? 'surest first' : 'least sure first', () => this.turn()));
    if (number === 0) links.push(this.pin([a, p]));
    if (open.cells[1]) links.push(this.link('close this one', { cells: [open.cells[1 - number]] }));
    else links.push(this.link('close', null));
    return links.flatMap((link, at) => (at ? [' · ', link] : [link]));
  }

  turn() {
    this.leastSureFirst = !this.leastSureFirst;
    this.go.again();
  }

  // A pinned cell stays while others are opened beside it.
  pin(cell) {
    const isPinned = String(this.pinned) === String(cell) && this.pinned !== null;
    const click = () => {
      this.pinned = isPinned ? null : cell;
      this.go.again();
    };
    return this.button(isPinned ? 'unpin' : 'pin, to open another beside it', click);
  }

  link(text, open) {
    return h('a', { href: this.go.address(open) }, text);
  }

  button(text, click) {
    return h('button', { type: 'button', class: 'plain', click }, text);
  }

  cellCommand(a, p) {
    const named = [a === null ? '' : ` --actual ${word(this.predictions.classes[a])}`];
    if (p !== null) named.push(` --predicted ${word(this.predictions.classes[p])}`);
    return `${this.predictions.command}${named.join('')}`;
  }

  commandLine(command) {
    return h('p', { class: 'command' }, h('code', {}, command));
  }

  instances(rows) {
    if (!this.predictions.held) return h('p', { class: 'empty' }, this.absence(rows.length));
    const shown = this.predictions.shownOf(rows);
    const missing = rows.length - shown.length;
    const box = h('div', {});
    const list = this.pictures.ready ? this.thumbs(shown, box) : this.table(shown, box);
    const left = missing
      ? `${counted(missing)} more are left out of this file to keep it small; the command shows them.`
      : '';
    fill(box, list, left ? h('p', { class: 'soft' }, left) : '');
    return box;
  }

  absence(count) {
    const reason = this.predictions.absent ? ` (${this.predictions.absent})` : '';
    return `${counted(count)} ${this.predictions.noun(count)}. They could not be loaded when this page was made${reason}.`;
  }

  thumbs(rows, box) {
    const list = h('ul', { class: 'thumbs' });
    this.grow(list, rows, FIRST, (i) => h('li', {}, this.thumb(i, box)));
    return h('div', {}, list, this.moreButton(list, rows, (i) => h('li', {}, this.thumb(i, box))));
  }

  grow(list, rows, count, draw) {
    const start = list.children.length;
    list.append(...rows.slice(start, start + count).map(draw));
  }

  moreButton(list, rows, draw) {
    const rest = () => rows.length - list.children.length;
    if (rest() <= 0) return '';
    const button = this.button(`${counted(rest())} more`, () => {
      this.grow(list, rows, MORE, draw);
      if (rest() > 0) button.textContent = `${counted(rest())} more`;
      else button.remove();
    });
    return button;
  }

  thumb(i, box) {
    const label = this.spoken(i);
    const caption = this.predictions.scores ? this.caption(i) : `row ${this.predictions.row[i]}`;
    const show = () => this.detail(i, box, button);
    const button = h('button', { type: 'button', class: 'thumb', click: show, 'data-row': this.predictions.row[i] });
    fill(button, this.pictures.canvas(i, label), h('span', { 'aria-hidden': 'true' }, caption));
    return button;
  }

  spoken(i) {
    const { classes, actual, called, row } = this.predictions;
    const score = this.predictions.scores ? `, ${this.caption(i)}` : '';
    return `row ${row[i]}: ${classes[actual[i]]} called ${classes[called[i]]}${score}`;
  }

  caption(i) {
    const code = this.predictions.positive ? 1 : this.predictions.called[i];
    return scoreText(this.predictions.score(i, code), this.predictions.probabilities);
  }

  detail(i, box, button) {
    const old = box.querySelector('.detail');
    const same = old?.dataset.row === String(this.predictions.row[i]);
    old?.remove();
    for (const one of box.querySelectorAll('[aria-pressed="true"]')) one.setAttribute('aria-pressed', 'false');
    if (same) return;
    button.setAttribute('aria-pressed', 'true');
    box.append(instanceDetail(this.predictions, this.pictures, i, this.spoken(i)));
  }

  table(rows, box) {
    const { columns } = this.predictions.held;
    const body = h('tbody', {});
    const head = ['row', ...(this.predictions.scores ? ['score'] : []), ...columns];
    const table = h('table', { class: 'records' }, h('thead', {}, h('tr', {}, head.map((name) => h('th', { scope: 'col' }, name)))), body);
    const draw = (i) => this.record(i, box);
    this.grow(body, rows, FIRST / 2, draw);
    const note = `Marked: a value that at most one in five ${this.predictions.noun(2)} of the same actual class have, or lie as far out as.`;
    const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Rows' }, table);
    return h('div', {}, h('p', { class: 'soft' }, note), scroll, this.moreButton(body, rows, draw));
  }

  record(i, box) {
    const { held, place, row, scores } = this.predictions;
    const at = place.get(i);
    const marked = new Set(held.marked[at]);
    const show = h('button', { type: 'button', class: 'plain', 'data-row': row[i], click: () => this.detail(i, box, show) }, String(row[i]));
    const cells = held.values.map((column, c) => h('td', {}, marked.has(c) ? h('mark', {}, column[at] || 'missing') : column[at]));
    const score = scores ? [h('td', { class: 'value' }, this.caption(i))] : [];
    return h('tr', {}, h('th', { scope: 'row' }, show), score, cells);
  }

  // Actual by predicted, 25 images a block: 3 called 3, 3 called 5, 5 called 3, 5 called 5.
  blocks([a, p]) {
    const { classes } = this.predictions;
    const title = h('h3', { tabindex: '-1' }, `${classes[a]} and ${classes[p]}, actual by predicted`);
    const cells = [[a, a], [a, p], [p, a], [p, p]].map(([actual, called]) => this.block(actual, called));
    const grid = h('div', { class: 'blocks' }, cells);
    const about = h('span', { class: 'soft' }, `up to ${BLOCK} each, the ${this.leastSureFirst ? 'least sure' : 'surest'} first`);
    const foot = h('p', { class: 'after' }, this.link('back to the cell', { cells: [[a, p]] }), ' · ', this.link('close', null));
    const command = `${this.cellCommand(a, p)} --against`;
    return h('div', { class: 'panel', role: 'group', 'aria-label': title.textContent }, h('div', { class: 'head' }, title, about), grid, foot, this.commandLine(command));
  }

  block(a, p) {
    const all = this.predictions.cell(a, p);
    const rows = this.predictions.shownOf(this.ordered(all)).slice(0, BLOCK);
    const box = h('div', { class: a === p ? 'block right-ones' : 'block' });
    const name = h('p', {}, this.link(`${this.predictions.classes[a]} called ${this.predictions.classes[p]}`, { cells: [[a, p]] }), h('span', { class: 'soft' }, ` ${counted(all.length)}`));
    const list = this.pictures.ready
      ? h('ul', { class: 'thumbs tight' }, rows.map((i) => h('li', {}, this.thumb(i, box))))
      : this.predictions.held ? this.table(rows, box) : '';
    fill(box, name, rows.length ? list : h('p', { class: 'soft' }, this.nothing(a, p)));
    return box;
  }

  // A line of pictures, or of rows in words, each with a name below it.
  strip(rows, count, name, stands) {
    const shown = this.predictions.shownOf(rows).slice(0, count);
    if (!shown.length) return '';
    const { row } = this.predictions;
    const listed = { 'data-rows': shown.map((i) => row[i]).join(' ') };
    if (!this.pictures.ready) {
      return h('ul', { class: 'flipped-rows', ...listed }, shown.slice(0, 8).map((i) => h('li', {}, `row ${row[i]}, ${name(i)}, score ${this.caption(i)}`)));
    }
    const one = (i) => h('li', { class: stands(i) ? 'stands' : '' }, this.pictures.canvas(i, this.spoken(i)), h('span', { 'aria-hidden': 'true' }, name(i)));
    return h('ul', { class: 'thumbs tight flipped', ...listed }, shown.map(one));
  }

  bar(open) {
    const { probabilities } = this.predictions;
    const rows = this.predictions.between(open.of, open.low, open.high);
    const [low, high] = [open.low, open.high].map((end) => scoreText(end, probabilities));
    const ends = open.low === -Infinity ? `below ${high}` : open.high === Infinity ? `from ${low} up` : `from ${low} to ${high}`;
    const title = h('h3', { tabindex: '-1' }, `${this.predictions.spoken[open.of]} with a score ${ends}`);
    const foot = h('p', { class: 'after' }, this.link('close', null));
    return this.framed(title, rows, open.of, null, foot, this.cellCommand(open.of, null), 'highest score first');
  }
}
