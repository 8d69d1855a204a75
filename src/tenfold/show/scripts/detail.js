// What is known of one instance: where it stands in the data, what it is and was called, and its highest scores.

import { h } from './dom.js';
import { percent } from './format.js';
import { messageText } from './message.js';

const TOP_SCORES = 5;

export function instanceDetail(predictions, pictures, i, label) {
  const { row, fold, folds, classes, actual, called, ids, place } = predictions;
  const facts = [
    ['row', `${row[i]} of the data, counted from 0`],
    ['fold', `judged in fold ${fold[i] + 1} of ${folds}`],
    ...(predictions.labels ? [] : [['actual', classes[actual[i]]], ['called', classes[called[i]]]]),
    ['id', ids[place.get(i)] ?? ''],
  ];
  const list = h('dl', {}, facts.map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text))));
  const told = { class: 'detail', 'data-row': row[i], role: 'group', 'aria-label': `row ${row[i]}` };
  return h('div', told, messageText(predictions, i), pictures.ready ? pictures.canvas(i, label) : '', list, labelTable(predictions, i), scoreBars(predictions, i), nearest(predictions, pictures, i));
}

// Of rows with several labels: what each is and was called, by the decision in force.
function labelTable(predictions, i) {
  if (!predictions.labels) return '';
  const words = (yes) => (yes ? 'true' : 'not');
  const rows = predictions.labels.of(i).map(({ name, actual, called }) =>
    h('tr', { class: actual === called ? '' : 'wrong' }, h('th', { scope: 'row' }, name), h('td', {}, words(actual)), h('td', {}, words(called))));
  const head = ['label', 'is', 'was called'].map((name) => h('th', { scope: 'col' }, name));
  return h('table', { class: 'of-labels' }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows));
}

// What a model of neighbours had to go by: the training rows nearest to it, none of them of its own fold.
function nearest(predictions, pictures, i) {
  const rows = predictions.nearestTo(i);
  if (!rows.length) return '';
  const { row, classes, actual, held } = predictions;
  const items = rows.map((j) => {
    const words = `${classes[actual[j]]}, row ${row[j]}`;
    const image = pictures.ready && predictions.place.has(j) ? pictures.canvas(j, words) : '';
    return h('li', {}, image, h('span', { class: 'soft' }, words));
  });
  return h('div', { class: 'near' }, h('p', { class: 'soft' }, `nearest training ${predictions.noun(rows.length)}, by ${held.nearest.by}`), h('ol', {}, items));
}

function scoreBars(predictions, i) {
  if (!predictions.scores) return '';
  const { positive, k, probabilities } = predictions;
  const codes = positive ? [1] : Array.from({ length: k }, (_, c) => c);
  const scored = codes.map((c) => [c, predictions.score(i, c)]).sort((x, y) => y[1] - x[1]);
  const rows = scored.slice(0, TOP_SCORES).map(([c, score]) => scoreBar(predictions.classes[c], score, probabilities));
  return h('div', {}, h('p', { class: 'soft' }, probabilities ? 'probability' : 'score'), h('ol', { class: 'scores' }, rows));
}

function scoreBar(name, score, probabilities) {
  const bar = probabilities ? h('span', { class: 'amount', style: { '--w': `${100 * score}%` } }) : '';
  const text = probabilities ? percent(score) : String(score);
  return h('li', {}, h('span', {}, name), h('span', { class: 'value' }, text), bar);
}
