// Answering only where the answer is sure: how many are answered, and how many of those are right.

import { placeOf } from './sweep.js';
import { wilson } from './intervals.js';

export class Abstention {
  // sureness: how sure each answer is; right: whether it is right.
  constructor(sureness, right) {
    const byRank = Uint32Array.from({ length: sureness.length }, (_, i) => i).sort((i, j) => sureness[i] - sureness[j] || i - j);
    this.n = sureness.length;
    this.rows = byRank;
    this.sorted = Float64Array.from(byRank, (i) => sureness[i]);
    this.rightBelow = new Uint32Array(this.n + 1);
    byRank.forEach((i, place) => {
      this.rightBelow[place + 1] = this.rightBelow[place] + (right(i) ? 1 : 0);
    });
  }

  // Answered is what has a sureness of the threshold or more.
  at(threshold) {
    const left = placeOf(this.sorted, threshold);
    const answered = this.n - left;
    const right = this.rightBelow[this.n] - this.rightBelow[left];
    const accuracy = answered ? right / answered : NaN;
    const [low, high] = wilson(right, answered);
    return { answered, right, accuracy, low, high, coverage: answered / this.n, left, leftWrong: left - this.rightBelow[left] };
  }

  // The threshold that answers about this share: a sureness that occurs, so ties go together.
  thresholdOf(coverage) {
    if (coverage <= 0) return this.sorted[this.n - 1];
    return this.sorted[Math.min(Math.round((1 - coverage) * this.n), this.n - 1)];
  }

  // The lowest threshold from which the answered are right at least this often; null where none is.
  reaching(target) {
    let found = null;
    for (let place = this.n - 1; place >= 0; place -= 1) {
      if (place > 0 && this.sorted[place - 1] === this.sorted[place]) continue;
      const right = this.rightBelow[this.n] - this.rightBelow[place];
      if (right / (this.n - place) >= target) found = this.sorted[place];
    }
    return found;
  }

  curve(points) {
    const step = Math.max(1, Math.floor(this.n / points));
    const found = [];
    for (let place = 0; place < this.n; place += step) {
      if (place > 0 && this.sorted[place - 1] === this.sorted[place]) continue;
      const answered = this.n - place;
      found.push([answered / this.n, (this.rightBelow[this.n] - this.rightBelow[place]) / answered]);
    }
    return found.reverse();
  }
}

// The highest score, or how far it is above the second highest.
export function surenessOf(predictions, margin) {
  const { n, k, scores } = predictions;
  const top = new Float64Array(n).fill(-Infinity);
  const second = new Float64Array(n).fill(-Infinity);
  for (let c = 0; c < k; c += 1) {
    for (let i = 0; i < n; i += 1) {
      const score = scores[c * n + i];
      if (score > top[i]) {
        second[i] = top[i];
        top[i] = score;
      } else if (score > second[i]) second[i] = score;
    }
  }
  return margin ? top.map((score, i) => score - second[i]) : top;
}
