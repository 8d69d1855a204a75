// A message as text, each word on a ground as strong as its evidence: nothing in it is markup.

import { h } from './dom.js';

export function messageText(predictions, i) {
  const message = predictions.messages?.[predictions.place.get(i)];
  if (!message) return '';
  if (!message.t) return h('p', { class: 'soft' }, predictions.held.weighed);
  const texts = message.t.flatMap((text, number) => messageBlock(text, number === 0));
  const built = h('p', { class: 'built' }, h('span', { class: 'soft' }, 'built of '), message.b.flatMap((piece) => [weighedPiece(piece), ' ']));
  return h('div', { class: 'message-text' }, texts, built, h('p', { class: 'soft cut' }, `${message.w} ${predictions.held.weighed}`));
}

function messageBlock({ n: name, p: pieces, m: more }, isHeading) {
  const text = pieces.length ? pieces.map(weighedPiece) : '(empty)';
  const block = h('p', { class: isHeading ? 'heading' : 'text' }, h('span', { class: 'hidden' }, `${name}: `), text);
  return more ? [block, h('p', { class: 'soft cut' }, `… ${more}`)] : block;
}

function weighedPiece([text, css, weight]) {
  return css ? h('span', { class: `word ${css}`, title: weight }, text) : text;
}
