// Which label is looked at; and the ways to it from the tables above.

import { writeAddress } from './address.js';
import { byId, fill, h } from './dom.js';

const TABS = 8;

export class LabelChooser {
  constructor(labels, go) {
    Object.assign(this, { labels, go });
    this.place = byId('live-label');
    this.place.hidden = false;
    linkTables(labels);
  }

  draw(name) {
    const { names } = this.labels;
    const focused = this.place.contains(document.activeElement);
    fill(this.place, names.length > TABS ? this.select(name) : this.tabs(name));
    if (focused) this.place.querySelector('select, [aria-pressed="true"]')?.focus();
  }

  tabs(name) {
    const buttons = this.labels.names.map((one) =>
      h('button', { type: 'button', 'aria-pressed': String(one === name), click: () => this.choose(one) }, one));
    return h('div', { class: 'tools' }, h('div', { class: 'tabs', role: 'group', 'aria-label': 'Label' }, buttons));
  }

  select(name) {
    const options = this.labels.names.map((one) => h('option', { value: one, selected: one === name }, one));
    const select = h('select', { change: () => this.choose(select.value) }, options);
    return h('p', { class: 'controls' }, h('label', {}, 'label ', select));
  }

  choose(label) {
    this.go.change({ label, threshold: '', open: null, anchor: '' });
  }
}

// Recall opens what was missed, precision what was called so wrongly; a count of a matrix its own cell.
function linkTables(labels) {
  for (const row of document.querySelectorAll('#labels table.classes tbody tr')) {
    const name = nameOf(row.cells[0], labels);
    if (!name) continue;
    const [, precision, recall] = row.querySelectorAll('.right .value');
    linkTo(precision, name, labels, 0, 1);
    linkTo(recall, name, labels, 1, 0);
  }
  for (const box of document.querySelectorAll('#labels .label-matrices .drawn')) {
    const name = nameOf(box.querySelector('strong'), labels);
    if (!name) continue;
    box.querySelectorAll('td .value').forEach((cell, at) => linkTo(cell, name, labels, at < 2 ? 1 : 0, at % 2 ? 0 : 1));
  }
}

function nameOf(element, labels) {
  const name = element?.title || element?.textContent;
  return labels.predictions.has(name) ? name : null;
}

function linkTo(place, label, labels, a, p) {
  if (!place || place.textContent === '0') return;
  const { classes } = labels.predictions.get(label);
  const address = writeAddress({ label, open: { cells: [[classes[a], classes[p]]] } });
  const told = `${place.textContent}: open what is ${classes[a]} and was called ${classes[p]}`;
  place.replaceChildren(h('a', { href: address, 'aria-label': told, class: 'opens' }, place.textContent));
}
