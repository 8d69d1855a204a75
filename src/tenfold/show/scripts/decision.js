// The threshold of a detector: it moves the matrix, the figures, the curves and the list of changed answers.

import { byId, fill, h } from './dom.js';
import { figuresOf, placeOf, Sweep } from './sweep.js';
import { Flips } from './flips.js';
import { ThresholdPanel } from './thresholdpanel.js';

export class DecisionView {
  constructor(predictions, gallery, go, onMove) {
    Object.assign(this, { predictions, gallery, go, onMove });
    this.inForce = predictions.thresholdInForce();
    this.sweep = new Sweep(predictions.scores, (i) => predictions.actual[i] === 1);
    this.panel = new ThresholdPanel({
      predictions,
      sweep: this.sweep,
      names: predictions.classes,
      inForce: this.inForce,
      note: this.note(),
      commandFor: (rule) => `${predictions.decide} '${rule || 'precision>=0.9'}'`,
      onMove: (threshold) => this.moved(threshold),
      onBar: (low, high, of) => go.open({ low, high, of }),
    });
    this.flips = this.inForce === null ? null : new Flips(predictions, gallery);
    this.opened = h('div', { class: 'side' });
    const place = byId('live-threshold');
    fill(place, this.panel.element, this.flips?.element, this.opened);
    place.hidden = false;
    this.marks = curveMarks();
    this.follow(this.panel.threshold);
  }

  note() {
    const rule = this.predictions.given === null ? 'with no threshold asked for' : `by the rule ${this.predictions.rule}`;
    return `The decision in force was chosen ${rule}. Moving the threshold here does not change the saved model. Reading a threshold off these out-of-fold scores is choosing it on them, so the figures beside it flatter it a little; only the test set, or fresh data, can confirm it. ${this.predictions.labels ? 'This sets a threshold for every label by the rule:' : 'This changes the decision:'}`;
  }

  moved(threshold) {
    this.predictions.decideFrom(threshold);
    this.follow(threshold);
    this.go.keep({ threshold: threshold === this.inForce ? '' : String(threshold) });
    this.onMove();
  }

  follow(threshold) {
    this.flips?.show(threshold, this.inForce, placeOf);
    const figures = figuresOf(this.panel.counts);
    for (const mark of this.marks) mark(figures, this.panel.counts);
  }

  draw(state) {
    const asked = state.threshold ? Number(state.threshold) : this.panel.start;
    if (Number.isFinite(asked) && asked !== this.panel.threshold) {
      this.panel.show(asked);
      this.predictions.decideFrom(asked);
      this.follow(asked);
    }
    if (state.open?.of !== undefined) this.gallery.draw(this.opened, state.open);
    else fill(this.opened);
  }
}

const CURVE_POINTS = {
  pr: ({ precision, recall }) => [recall.value, precision.value],
  roc: ({ recall, specificity }) => [1 - specificity.value, recall.value],
  det: ({ recall, specificity }) => [1 - specificity.value, 1 - recall.value],
  gain: ({ recall }, counts) => [calledShare(counts), recall.value],
  lift: ({ precision }, counts) => [calledShare(counts), precision.value / prevalence(counts)],
};

function calledShare({ tp, fp, fn, tn }) {
  return (tp + fp) / (tp + fp + fn + tn);
}

function prevalence({ tp, fp, fn, tn }) {
  return (tp + fn) / (tp + fp + fn + tn);
}

// A ring on every curve of the page that says which it is and what its sides stand for.
function curveMarks() {
  return [...document.querySelectorAll('svg[data-curve]')].filter((svg) => CURVE_POINTS[svg.dataset.curve]).map((svg) => {
    const [x0, x1, y0, y1] = ['x0', 'x1', 'y0', 'y1'].map((key) => Number(svg.dataset[key]));
    const ring = h('circle', { class: 'mark live-mark', r: 6 });
    svg.append(ring);
    return (figures, counts) => {
      const [x, y] = CURVE_POINTS[svg.dataset.curve](figures, counts);
      const isInside = x >= x0 && x <= x1 && y >= y0 && y <= y1;
      ring.style.display = isInside ? '' : 'none';
      if (!isInside) return;
      ring.setAttribute('cx', `${(100 * (x - x0)) / (x1 - x0)}%`);
      ring.setAttribute('cy', `${100 - (100 * (y - y0)) / (y1 - y0)}%`);
    };
  });
}
