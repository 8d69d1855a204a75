// Thumbnails out of the sprites: one picture an actual class, 32 images in a line.

import { h } from './dom.js';

const ACROSS = 32;

export class Pictures {
  constructor(predictions) {
    this.predictions = predictions;
    this.sheets = new Map();
    this.places = new Map();
    const next = new Map();
    for (const i of predictions.kept) {
      const code = predictions.groupOf(i);
      const place = next.get(code) ?? 0;
      this.places.set(i, place);
      next.set(code, place + 1);
    }
  }

  get ready() {
    return Boolean(this.predictions.held?.sprites);
  }

  // A canvas that is drawn as soon as its sheet is decoded.
  canvas(i, label) {
    const [height, width] = this.predictions.held.size;
    const small = Math.max(height, width) < 20;
    const kind = `picture${this.predictions.held.dark ? ' ink' : ''}${small ? ' coarse' : ''}`;
    const canvas = h('canvas', { width, height, class: kind, role: 'img', 'aria-label': label });
    const place = this.places.get(i);
    const [x, y] = [(place % ACROSS) * width, Math.floor(place / ACROSS) * height];
    this.sheet(this.predictions.groupOf(i)).then((sheet) => {
      canvas.getContext('2d').drawImage(sheet, x, y, width, height, 0, 0, width, height);
    });
    return canvas;
  }

  sheet(code) {
    if (!this.sheets.has(code)) {
      const image = new Image();
      image.src = `data:image/png;base64,${this.predictions.held.sprites[code]}`;
      this.sheets.set(code, image.decode().then(() => image));
    }
    return this.sheets.get(code);
  }
}
