// Brings the page to life: without this script every table and figure is there, only still.

import { readAddress, writeAddress } from './address.js';
import { readPredictions } from './predictions.js';
import { AbstentionView } from './abstentionview.js';
import { DecisionView } from './decision.js';
import { byId, fill, h } from './dom.js';
import { Gallery } from './gallery.js';
import { LabelChooser } from './labelchooser.js';
import { readLabels } from './labels.js';
import { linkClasses, linkSentences } from './links.js';
import { load } from './load.js';
import { MatrixView } from './matrix.js';
import { Pictures } from './pictures.js';
import { canUnpack } from './unpack.js';

class Page {
  // Either the predictions themselves, or those of every label.
  constructor(predictions, labels) {
    this.state = {};
    this.go = {
      open: (open) => this.open(open),
      change: (part) => this.change(part),
      keep: (part) => this.keep(part),
      address: (open) => this.address(open),
      again: () => this.draw(),
    };
    this.labels = labels;
    if (labels) this.chooser = new LabelChooser(labels, this.go);
    else this.show(predictions);
    linkSentences();
    if (predictions) linkClasses(predictions, this.go.address);
    document.documentElement.classList.add('live');
    window.addEventListener('hashchange', () => this.arrive(false));
    window.addEventListener('keydown', (event) => this.key(event));
    this.arrive(true);
  }

  show(predictions) {
    this.predictions = predictions;
    this.gallery = new Gallery(predictions, new Pictures(predictions), this.go);
    this.matrix = new MatrixView(predictions, this.gallery, this.go);
    this.decision = this.decisionView(this.go);
  }

  decisionView(go) {
    if (this.predictions.leftOut) sayScoresAreLeftOut();
    if (!this.predictions.scores) return null;
    if (!this.predictions.positive) return new AbstentionView(this.predictions, this.gallery, go);
    return new DecisionView(this.predictions, this.gallery, go, () => this.recount());
  }

  // The label that the address names; another one brings views of its own, at the decision in force.
  look() {
    if (!this.labels) return;
    const label = this.labels.named(this.state.label);
    const predictions = this.labels.predictions.get(label);
    if (predictions !== this.predictions) {
      predictions.called.set(predictions.inForce);
      predictions.threshold = predictions.thresholdInForce();
      this.show(predictions);
    }
    this.chooser.draw(label);
  }

  arrive(first) {
    this.state = readAddress(window.location.hash);
    this.look();
    this.state = this.coded(this.state);
    this.draw();
    const section = this.state.open ? this.sectionOf(this.state.open) : first && this.state.threshold ? 'decision' : '';
    if (section) this.reveal(section, first);
  }

  sectionOf(open) {
    return open.of === undefined ? 'matrix' : 'decision';
  }

  reveal(section, first) {
    const box = byId(section);
    const narrow = window.matchMedia('(max-width: 860px)').matches;
    const side = box.querySelector('.side');
    if (first || !isInView(box)) box.scrollIntoView();
    if (narrow && side?.firstElementChild) side.scrollIntoView();
    if (first) side?.querySelector('h3')?.focus({ preventScroll: true });
  }

  draw() {
    this.decision?.draw(this.state);
    this.matrix.draw(this.state);
  }

  recount() {
    this.matrix.recount();
    if (this.state.open?.cells) this.matrix.drawSide();
  }

  open(open) {
    window.location.hash = this.address(open);
  }

  change(part) {
    this.keep(part);
    this.look();
    this.draw();
  }

  // The address follows what is typed or dragged, without a step to go back to for each.
  keep(part) {
    Object.assign(this.state, part);
    window.history.replaceState(null, '', writeAddress(this.named(this.state)) || window.location.pathname);
  }

  address(open) {
    const address = writeAddress(this.named({ ...this.state, open, anchor: '' }));
    return address === '#' ? '#matrix' : address;
  }

  key(event) {
    if (event.key !== 'Escape' || !this.state.open) return;
    const [a, p] = this.state.open.cells?.[0] ?? [];
    window.location.hash = this.address(null);
    if (a !== undefined) document.querySelector(`#live-matrix button[data-a="${a ?? ''}"][data-p="${p ?? ''}"]`)?.focus();
  }

  // Names in the address, codes in the page.
  coded(state) {
    const code = (name) => (name === '' ? null : this.predictions.classes.indexOf(name));
    if (!state.open) return state;
    if (state.open.of !== undefined) return { ...state, open: { ...state.open, of: code(state.open.of) } };
    const cells = state.open.cells.map((cell) => cell.map(code));
    const known = cells.every((cell) => cell.every((one) => one !== -1) && cell.some((one) => one !== null));
    return { ...state, open: known ? { ...state.open, cells } : null };
  }

  named(state) {
    const name = (code) => (code === null ? '' : this.predictions.classes[code]);
    if (!state.open) return state;
    if (state.open.of !== undefined) return { ...state, open: { ...state.open, of: name(state.open.of) } };
    return { ...state, open: { ...state.open, cells: state.open.cells.map((cell) => cell.map(name)) } };
  }
}

function sayScoresAreLeftOut() {
  const place = byId('live-threshold');
  fill(place, h('p', { class: 'empty' }, 'The scores of so many rows and classes are left out to keep this file small, and with them thresholds that move. They are in out_of_fold.parquet, in the folder of the run.'));
  place.hidden = false;
}

function isInView(box) {
  const { top, bottom } = box.getBoundingClientRect();
  return top < window.innerHeight * 0.6 && bottom > 120;
}

const data = canUnpack() ? await load() : null;
if (data) {
  window.tenfold = data.labels ? new Page(null, await readLabels(data)) : new Page(await readPredictions(data), null);
}
