// The matrix of hundreds of classes as one picture: a square a cell, errors by depth, right answers in grey.

import { h } from './dom.js';

const SIDE_OF_ALL = 1000;

export function overview(depth, counts, shown, k) {
  const side = Math.max(Math.floor(SIDE_OF_ALL / shown.length), 2);
  const size = side * shown.length;
  const canvas = h('canvas', { width: size, height: size, class: 'overview', role: 'img', 'aria-label': `All ${shown.length} classes: rows actual, columns predicted` });
  const pen = canvas.getContext('2d');
  const style = window.getComputedStyle(document.documentElement);
  const error = style.getPropertyValue('--error').trim().replaceAll(' ', ', ');
  const right = style.getPropertyValue('--line').trim();
  shown.forEach((a, row) => shown.forEach((p, column) => {
    if (!counts[a * k + p]) return;
    pen.fillStyle = a === p ? right : `rgba(${error}, ${Math.max(depth[a * k + p], 0.25)})`;
    pen.fillRect(column * side, row * side, side, side);
  }));
  return canvas;
}
