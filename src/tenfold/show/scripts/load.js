// The live data of a page: from the block inside it, or from the address that the page names; null where it has none.

export async function load(page = document, get = (address) => fetch(address)) {
  const block = page.getElementById('run-data');
  if (block) return JSON.parse(block.textContent);
  const address = page.documentElement.dataset.run;
  if (!address) return null;
  const response = await get(address);
  if (!response.ok) throw new Error(`the data of the run cannot be read from ${address}: ${response.status}`);
  return response.json();
}
