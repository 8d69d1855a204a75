// Which instances get another answer than under the decision in force, nearest to it first.

import { fill, h } from './dom.js';
import { counted } from './format.js';

const SHOWN = 20;

export class Flips {
  constructor(predictions, gallery) {
    Object.assign(this, { predictions, gallery });
    this.byScore = predictions.ranked(false);
    this.sorted = Float64Array.from(this.byScore, (i) => predictions.scores[i]);
    this.element = h('div', { class: 'flips' });
  }

  // Those with a score from the lower threshold up to, and without, the higher one.
  between(low, high, placeOf) {
    return this.byScore.subarray(placeOf(this.sorted, low), placeOf(this.sorted, high));
  }

  show(threshold, inForce, placeOf) {
    const { classes, actual } = this.predictions;
    const lower = threshold < inForce;
    const rows = this.between(Math.min(threshold, inForce), Math.max(threshold, inForce), placeOf);
    if (!rows.length) return fill(this.element, h('p', { class: 'soft' }, 'Every answer is as under the decision in force.'));
    const right = rows.reduce((sum, i) => sum + (actual[i] === (lower ? 1 : 0) ? 1 : 0), 0);
    const noun = this.predictions.noun(rows.length);
    const turned = `${counted(rows.length)} ${noun} now ${lower ? '' : 'not '}called “${classes[1]}”`;
    const text = `: ${counted(right)} rightly, ${counted(rows.length - right)} wrongly. ${this.predictions.nearest()}`;
    const nearest = Array.from(lower ? rows.subarray(-4 * SHOWN).toReversed() : rows.subarray(0, 4 * SHOWN));
    return fill(this.element, h('p', {}, h('strong', {}, turned), text), this.list(nearest));
  }

  list(rows) {
    const { classes, actual } = this.predictions;
    return this.gallery.strip(rows, SHOWN, (i) => (this.gallery.pictures.ready ? classes[actual[i]] : `actual “${classes[actual[i]]}”`), (i) => actual[i] === 1);
  }
}
