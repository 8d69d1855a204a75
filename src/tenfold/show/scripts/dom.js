// Elements without markup: text stays text, whatever stands in it.

const SVG = 'http://www.w3.org/2000/svg';
const DRAWN = new Set(['svg', 'g', 'path', 'line', 'circle', 'rect', 'text']);

export function h(tag, props = {}, ...children) {
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(props)) setProp(element, key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

function setProp(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === 'function') element.addEventListener(key, value);
  else if (key === 'style') for (const [name, one] of Object.entries(value)) element.style.setProperty(name, one);
  else element.setAttribute(key, value === true ? '' : value);
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
}

export function byId(id) {
  return document.getElementById(id);
}

// Arrow keys move inside a group of buttons that is one stop of the Tab key.
export function arrowKeys(box, grid) {
  box.addEventListener('keydown', (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const from = event.target.closest('button');
    if (!step || !from) return;
    const found = grid(from, step);
    if (!found) return;
    event.preventDefault();
    found.focus();
  });
  box.addEventListener('focusin', (event) => {
    const now = event.target.closest('button');
    if (!now) return;
    for (const one of box.querySelectorAll('button[tabindex="0"]')) one.tabIndex = -1;
    now.tabIndex = 0;
  });
}
