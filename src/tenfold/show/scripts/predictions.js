// The predictions of the chosen candidate: what every view of the page reads.

import { unpacked, unpackedLines } from './unpack.js';

export class Predictions {
  constructor(data, arrays) {
    Object.assign(this, data, arrays);
    this.k = this.classes.length;
    this.n = this.actual.length;
    this.inForce = this.called.slice();
    this.folds = this.fold.reduce((most, fold) => Math.max(most, fold), 0) + 1;
    this.place = new Map(Array.from(this.kept, (i, place) => [i, place]));
    this.threshold = this.thresholdInForce();
  }

  // The sheet on which the picture of a kept row stands.
  groupOf(i) {
    return this.groups ? this.groups[this.place.get(i)] : this.actual[i];
  }

  noun(count) {
    return this.nouns[count === 1 ? 0 : 1];
  }

  score(i, c) {
    return this.positive ? this.scores[i] : this.scores[c * this.n + i];
  }

  // Of a detector without a threshold of its own: the one that gives its predictions, if any does.
  thresholdInForce() {
    if (!this.positive || !this.scores) return null;
    if (this.given !== null) return this.given;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < this.n; i += 1) {
      if (this.inForce[i] === 1) low = Math.min(low, this.scores[i]);
      else high = Math.max(high, this.scores[i]);
    }
    return low > high && Number.isFinite(low) ? low : null;
  }

  decideFrom(threshold) {
    this.threshold = threshold;
    for (let i = 0; i < this.n; i += 1) this.called[i] = this.scores[i] >= threshold ? 1 : 0;
  }

  // How sure a prediction is: its score; of a detector how far the score lies beyond the threshold.
  sure(i) {
    if (!this.scores) return 0;
    if (!this.positive) return this.score(i, this.called[i]);
    return (this.called[i] === 1 ? 1 : -1) * (this.scores[i] - (this.threshold ?? 0));
  }

  // Rows of a cell, the surest first; null stands for any other class than the one named.
  cell(a, p) {
    const { actual, called } = this;
    const isIn = (i) => (a === null ? actual[i] !== p : actual[i] === a) && (p === null ? called[i] !== a : called[i] === p);
    if (this.positive && this.scores) return Array.from(this.ranked((p ?? 1 - a) === 1).filter(isIn));
    const found = [];
    for (let i = 0; i < this.n; i += 1) if (isIn(i)) found.push(i);
    return this.surestFirst(found);
  }

  // All rows of a detector by score, sorted once: sixty thousand must not be sorted at each move of a threshold.
  ranked(highestFirst) {
    const key = highestFirst ? 'highestFirst' : 'lowestFirst';
    const way = highestFirst ? -1 : 1;
    this[key] ??= Uint32Array.from({ length: this.n }, (_, i) => i).sort((i, j) => way * (this.scores[i] - this.scores[j]) || i - j);
    return this[key];
  }

  // Rows of an actual class whose score lies in [low, high); the last bar takes all above it.
  between(a, low, high) {
    const found = [];
    for (let i = 0; i < this.n; i += 1) {
      if (this.actual[i] === a && this.scores[i] >= low && this.scores[i] < high) found.push(i);
    }
    return found.sort((i, j) => this.scores[j] - this.scores[i] || i - j);
  }

  surestFirst(rows) {
    const sure = new Map(rows.map((i) => [i, this.sure(i)]));
    return rows.sort((i, j) => sure.get(j) - sure.get(i) || i - j);
  }

  nearest() {
    return this.kept.length < this.n ? 'The nearest to the threshold, of those this file carries:' : 'The nearest to the threshold:';
  }

  // The training rows nearest to a row that the file carries, as the candidate of neighbours found them.
  nearestTo(i) {
    const place = this.place.get(i);
    if (!this.near || place === undefined) return [];
    const { each } = this.held.nearest;
    return Array.from(this.near.subarray(each * place, each * (place + 1)));
  }

  shownOf(rows) {
    return rows.filter((i) => this.place.has(i));
  }
}

export async function readPredictions(data) {
  return predictionsFrom(data, await readInstances(data));
}

// What is the same for every label of a row: the rows, their folds, and the instances that the file carries.
export async function readInstances(data) {
  const { instances: held, noun: nouns, decide, again, absent, candidate } = data;
  const [fold, row, kept, near, groups] = await Promise.all(
    [data.fold, data.row, held?.kept, held?.nearest?.rows, held?.group].map((one) => (one ? unpacked(one) : null)),
  );
  const ids = held ? await unpackedLines(held.ids) : [];
  const messages = held?.messages ? (await unpackedLines(held.messages)).map((line) => JSON.parse(line)) : null;
  return { held, nouns, decide, again, absent, candidate, fold, row, kept: kept ?? new Uint8Array(0), near, groups, ids, messages };
}

export async function predictionsFrom(data, instances) {
  const [actual, called, scores] = await Promise.all(
    [data.true, data.predicted, data.scores].map((one) => (one ? unpacked(one) : null)),
  );
  const { classes, spoken, positive, probabilities, threshold: given, rule, command, left_out: leftOut } = data;
  return new Predictions({ ...instances, classes, spoken, positive, probabilities, given, rule, command, leftOut }, { actual, called, scores });
}
