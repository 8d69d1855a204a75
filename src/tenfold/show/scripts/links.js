// Numbers and sentences elsewhere on the page that name instances: each becomes the way to them.

import { h } from './dom.js';

export function linkSentences() {
  for (const part of document.querySelectorAll('[data-open]')) {
    const link = h('a', { href: part.dataset.open });
    part.replaceWith(link);
    link.append(part);
  }
}

// Recall opens what was missed of a class, precision what was wrongly called so.
export function linkClasses(predictions, address) {
  for (const row of document.querySelectorAll('#classes table.classes tbody tr')) {
    const name = row.cells[0];
    const code = predictions.classes.indexOf(name.title || name.textContent);
    const [recall, precision] = row.querySelectorAll('.right .value');
    if (code < 0 || !recall || !precision) continue;
    link(recall, address({ cells: [[code, null]] }), `${recall.textContent}: open the ${predictions.noun(2)} of ${predictions.classes[code]} called something else`);
    link(precision, address({ cells: [[null, code]] }), `${precision.textContent}: open what was wrongly called ${predictions.classes[code]}`);
  }
}

function link(span, href, label) {
  const anchor = h('a', { href, 'aria-label': label, class: 'opens' }, span.textContent);
  span.replaceChildren(anchor);
}
