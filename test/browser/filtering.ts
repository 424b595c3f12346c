/** Finding rows, and hiding those of other kinds. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { chosenRow, pageTest } from './pages';
import { samplePage } from './sample-pages';

async function count(page: Page): Promise<string> {
  return ((await page.locator('#count').textContent()) ?? '').replaceAll('\u00a0', ' ');
}

pageTest('text is found in bytes, and bytes by their hex', samplePage, {}, async (page) => {
  const find = page.getByRole('searchbox');
  await find.fill('EHLO');
  assert.equal(await count(page), '2 of 41 events');
  await find.fill('0x0d0a');
  assert.equal(await count(page), '17 of 41 events');
  await find.fill('0x45 48 4c 4f');
  assert.equal(await count(page), '2 of 41 events');
  await find.fill('me\\r\\n');
  assert.equal(await count(page), '2 of 41 events');
  await find.fill('0x0D 0A 3');
  assert.equal(await count(page), '17 of 41 events');
  await find.fill('c4');
  assert.equal(await count(page), '4 of 41 events');
  await find.fill('nothing of the kind');
  assert.equal(await page.locator('.empty b').textContent(), 'No event matches these filters');
  await page.getByRole('button', { name: 'Show all events' }).click();
  assert.equal(await count(page), '41 events');
  assert.equal(await find.inputValue(), '');
});

/** Chip → rows that are left without its own. */
const chips: Readonly<Record<string, number>> = {
  Data: 21,
  Open: 37,
  'FIN, RST': 37,
  TLS: 37,
  Faults: 37,
  Checks: 39,
  Notes: 38,
  '→ server': 23,
  '← client': 28,
  c1·c2: 13,
  c3·c4: 31,
};

pageTest('each chip hides its rows and brings them back', samplePage, {}, async (page) => {
  const left: Record<string, number> = {};
  for (const chip of Object.keys(chips)) {
    const button = page.getByRole('button', { name: chip, exact: true });
    await button.click();
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    left[chip] = Number.parseInt(await count(page), 10);
    await button.click();
    assert.equal(await count(page), '41 events');
  }
  assert.deepEqual(left, chips);
});

pageTest(
  'what is chosen and hidden is in the address, and is read from it',
  samplePage,
  { fragment: '#e5&kind=-tls&find=me' },
  async (page) => {
    assert.equal(await count(page), '6 of 41 events');
    assert.match((await chosenRow(page)) ?? '', /EHLO me/);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    assert.match(page.url(), /#e5&kind=-tls,-open&find=me$/);
  },
);

pageTest('going to a row that is hidden clears the filters', samplePage, {}, async (page) => {
  await page.getByRole('button', { name: 'Faults', exact: true }).click();
  await page.getByRole('button', { name: 'Show the fault' }).click();
  assert.equal(await count(page), '41 events');
  assert.match((await chosenRow(page)) ?? '', /fault corrupt/);
});

pageTest('a place in the overview is gone to by a click', samplePage, {}, async (page) => {
  await page.locator('#over').click({ position: { x: 78, y: 10 } });
  assert.match(
    (await chosenRow(page)) ?? '',
    /^0\.00 ms, c1·c2, client "alice" to proxy "edge", connection opened/,
  );
});
