// Scales, ticks and paths of the drawings that follow a slider: as report/svg.py has them.

import { fixed } from './format.js';

const SIDE = 1000;

export class Scale {
  constructor(low, high) {
    this.low = low;
    this.high = high > low ? high : low + 1;
  }

  // Place in percent, kept inside the drawing.
  at(value) {
    return 100 * Math.min(Math.max((value - this.low) / (this.high - this.low), 0), 1);
  }
}

// All probabilities; of other scores all but the outermost two in a thousand, and the thresholds given.
export function scaleOf(sorted, probabilities, thresholds) {
  if (probabilities) return new Scale(0, 1);
  const quantile = (share) => sorted[Math.round(share * (sorted.length - 1))];
  const ends = [quantile(0.001), quantile(0.999), ...thresholds.filter(Number.isFinite)];
  return new Scale(Math.min(...ends), Math.max(...ends));
}

export function ticks(scale, count = 4) {
  const step = roundStep((scale.high - scale.low) / count);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const found = [];
  for (let i = Math.ceil(scale.low / step - 1e-9); i <= Math.floor(scale.high / step + 1e-9); i += 1) {
    const text = Number(fixed(i * step, digits)).toLocaleString('en-US', { minimumFractionDigits: digits });
    found.push({ at: scale.at(i * step), text });
  }
  return found;
}

function roundStep(raw) {
  const size = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * size).find((step) => step >= raw * 0.999);
}

// A line in a square of side 1000, the y axis upwards; points that fall together are drawn once.
export function pathOf(xs, ys, xScale, yScale) {
  const points = [];
  let last = '';
  for (let i = 0; i < xs.length; i += 1) {
    if (Number.isNaN(ys[i])) continue;
    const point = `${Math.round(10 * xScale.at(xs[i]))} ${SIDE - Math.round(10 * yScale.at(ys[i]))}`;
    if (point !== last) points.push(point);
    last = point;
  }
  return points.length ? `M${points.join('L')}` : '';
}

// Counts of sorted values in equal bins; what lies outside falls into the outermost.
export function histogram(sorted, scale, bins, placeOf) {
  const edges = Array.from({ length: bins + 1 }, (_, i) => scale.low + ((scale.high - scale.low) * i) / bins);
  edges[0] = -Infinity;
  edges[bins] = Infinity;
  const places = edges.map((edge) => placeOf(sorted, edge));
  return { edges, counts: places.slice(1).map((place, i) => place - places[i]) };
}
