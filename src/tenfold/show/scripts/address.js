// The state of the page in its address: what is open can be sent to someone and gone back from.
//   #errors/4/9                      4 called 9           #errors/4/      every error on 4     #errors//9  everything wrongly called 9
//   #errors/4/9/beside/9/4           two cells            #errors/3/5/blocks   four blocks
//   #scores/0.2/0.25/5               the 5s with a score from 0.2 up to 0.25
//   ...&label=odd                       of rows with several labels: the one looked at
//   ...&threshold=0.93&matrix=errors-by-actual&sort=confusion

const KEYS = ['label', 'target', 'threshold', 'matrix', 'sort', 'class', 'surety'];

export function readAddress(hash) {
  const [path, ...pairs] = hash.replace(/^#/, '').split('&');
  const state = { open: null, anchor: '' };
  const first = path.includes('=') ? [path, ...pairs] : pairs;
  for (const pair of first) {
    const [key, value = ''] = pair.split('=');
    if (KEYS.includes(key)) state[key] = decoded(value);
  }
  if (!path.includes('=')) Object.assign(state, readPath(path));
  return state;
}

function readPath(path) {
  const [verb, ...parts] = path.split('/').map(decoded);
  if (verb === 'errors' && parts.length >= 2) {
    const cells = [[parts[0], parts[1]]];
    if (parts[2] === 'beside' && parts.length >= 5) cells.push([parts[3], parts[4]]);
    return { open: { cells, blocks: parts[2] === 'blocks' } };
  }
  if (verb === 'scores' && parts.length === 3) {
    return { open: { low: Number(parts[0]), high: Number(parts[1]), of: parts[2] } };
  }
  return { anchor: path };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function writeAddress(state) {
  const pairs = KEYS.filter((key) => state[key] !== undefined && state[key] !== '').map(
    (key) => `${key}=${encodeURIComponent(state[key])}`,
  );
  const path = state.open ? openPath(state.open) : state.anchor;
  return `#${[path, ...pairs].filter(Boolean).join('&')}`;
}

function openPath(open) {
  const join = (parts) => parts.map((part) => encodeURIComponent(part)).join('/');
  if (open.of !== undefined) return `scores/${join([String(open.low), String(open.high), open.of])}`;
  const [first, second] = open.cells;
  if (second) return `errors/${join(first)}/beside/${join(second)}`;
  return `errors/${join(first)}${open.blocks ? '/blocks' : ''}`;
}
