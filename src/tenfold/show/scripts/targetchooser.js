// Which of several targets the sections on single rows are about: each was drawn with the page, and waits in a template.

import { readAddress, writeAddress } from './address.js';
import { byId, fill, h } from './dom.js';

const MOST_TABS = 6;

export class TargetChooser {
  constructor({ names }) {
    this.names = names;
    this.now = 0;
    const templates = [...document.querySelectorAll('template[data-target]')];
    this.sections = [...new Set(templates.map((one) => one.dataset.section))].map((id) => new Versions(id, templates));
    byId('live-targets').hidden = false;
    window.addEventListener('hashchange', () => this.arrive());
    this.draw();
    this.arrive();
  }

  // An address without a target leaves it as it is.
  arrive() {
    const { target, anchor } = readAddress(window.location.hash);
    const place = this.names.indexOf(target);
    if (place < 0) return;
    this.now = place;
    this.draw();
    byId(anchor)?.scrollIntoView();
  }

  // What is under the hand stays there, though the sections above it may become longer or shorter.
  choose(place, versions) {
    const before = versions.place.getBoundingClientRect().top;
    this.now = place;
    this.draw();
    window.scrollBy(0, versions.place.getBoundingClientRect().top - before);
    versions.place.querySelector('select, [aria-pressed="true"]')?.focus({ preventScroll: true });
    window.history.replaceState(null, '', writeAddress({ anchor: versions.id, target: this.names[place] }));
  }

  draw() {
    for (const versions of this.sections) {
      versions.show(this.now);
      fill(versions.place, this.names.length > MOST_TABS ? this.select(versions) : this.tabs(versions));
    }
  }

  tabs(versions) {
    const buttons = this.names.map((name, place) =>
      h('button', { type: 'button', 'aria-pressed': String(place === this.now), click: () => this.choose(place, versions) }, name));
    return h('div', { class: 'tabs', role: 'group', 'aria-label': 'Target' }, buttons);
  }

  select(versions) {
    const options = this.names.map((name, place) => h('option', { value: place, selected: place === this.now }, name));
    const select = h('select', { change: () => this.choose(Number(select.value), versions) }, options);
    return h('label', {}, 'target ', select);
  }
}

// One section, as it was drawn of each target; a chooser stands under its first lines.
class Versions {
  constructor(id, templates) {
    this.id = id;
    this.drawn = [byId(id)];
    for (const one of templates) if (one.dataset.section === id) this.drawn[Number(one.dataset.target)] = one.content.firstElementChild;
    this.place = h('div', { class: 'controls choose-target' });
  }

  show(number) {
    const wanted = this.drawn[number];
    if (wanted && byId(this.id) !== wanted) byId(this.id).replaceWith(wanted);
    byId(this.id).querySelector('.sub').after(this.place);
  }
}
