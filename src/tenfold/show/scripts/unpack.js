// Arrays packed into the page: base64 of deflated byte planes, see live/packing.py.

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };

export function canUnpack() {
  return typeof DecompressionStream === 'function';
}

export async function unpacked(packed) {
  const Kind = KINDS[packed.type];
  const planes = await inflated(bytesOf(packed.data));
  return new Kind(joinedPlanes(planes, Kind.BYTES_PER_ELEMENT).buffer);
}

export async function unpackedLines(packed) {
  const text = new TextDecoder().decode(await unpacked(packed));
  return text === '' ? [] : text.split('\n');
}

export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The first bytes of all numbers stand before the second bytes of all, and so on.
export function joinedPlanes(planes, size) {
  const count = planes.length / size;
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < size; plane += 1) {
    const start = plane * count;
    for (let i = 0; i < count; i += 1) bytes[i * size + plane] = planes[start + i];
  }
  return bytes;
}
