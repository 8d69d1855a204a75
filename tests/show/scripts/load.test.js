import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load } from '../../../src/tenfold/show/scripts/load.js';

const page = (block, run) => ({
  getElementById: (id) => (id === 'run-data' ? block : null),
  documentElement: { dataset: run === undefined ? {} : { run } },
});
const never = () => assert.fail('nothing is fetched');

test('data inside the page are read, and nothing is fetched', async () => {
  assert.deepEqual(await load(page({ textContent: '{"classes": ["a\\u003c"]}' }, '/runs/1'), never), { classes: ['a<'] });
});

test('a page without data loads none', async () => {
  assert.equal(await load(page(null), never), null);
});

test('data may come from the address that the page names', async () => {
  const asked = [];
  const get = async (address) => {
    asked.push(address);
    return new Response('{"row": 3}');
  };
  assert.deepEqual(await load(page(null, '/runs/1/data'), get), { row: 3 });
  assert.deepEqual(asked, ['/runs/1/data']);
});

test('an address without data is named', async () => {
  const get = async () => new Response('', { status: 404 });
  await assert.rejects(load(page(null, '/runs/2/data'), get), /\/runs\/2\/data: 404/);
});
