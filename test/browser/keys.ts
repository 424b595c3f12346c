/** Everything is reached by keys. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ask, chosenRow, clipboard, pageTest } from './pages';
import { plainPage, samplePage } from './sample-pages';

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function place(page: Page): Promise<string | null> {
  return page.locator('.row.sel').getAttribute('aria-posinset');
}

function focused(page: Page): Promise<string> {
  return ask(page, 'document.activeElement.id');
}

pageTest('arrows, pages and ends move through the rows', plainPage, {}, async (page) => {
  await page.locator('#flow').focus();
  const places: (string | null)[] = [];
  for (const key of [
    'ArrowDown',
    'ArrowDown',
    'j',
    'ArrowUp',
    'k',
    'PageDown',
    'PageUp',
    'End',
    'Home',
  ]) {
    await press(page, key);
    places.push(await place(page));
  }
  assert.deepEqual(places, ['1', '2', '3', '2', '1', '11', '1', '40', '1']);
  const active = await page.locator('#flow').getAttribute('aria-activedescendant');
  assert.equal(active, 'row-0');
});

pageTest('n and N go from problem to problem and around', plainPage, {}, async (page) => {
  await page.locator('#flow').focus();
  await press(page, 'n');
  assert.match((await chosenRow(page)) ?? '', /fault latency/);
  await press(page, 'n');
  assert.match((await chosenRow(page)) ?? '', /fault slicer/);
  await press(page, 'N', 'N');
  assert.match((await chosenRow(page)) ?? '', /fault corrupt/);
  await press(page, 'n');
  assert.match((await chosenRow(page)) ?? '', /fault latency/);
});

pageTest(
  'brackets lead from cause to effect and back',
  plainPage,
  { fragment: '#e3' },
  async (page) => {
    await page.locator('#flow').focus();
    await press(page, ']');
    assert.match((await chosenRow(page)) ?? '', /220 mail\.test ready.*touched by latency/);
    await press(page, '[');
    assert.match((await chosenRow(page)) ?? '', /fault latency/);
  },
);

pageTest(
  'a slash goes to the search, Escape back to the list and then clears',
  samplePage,
  {},
  async (page) => {
    await page.locator('#flow').focus();
    await press(page, '/');
    assert.equal(await focused(page), 'find');
    await page.keyboard.type('njtx?');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'njtx?');
    await press(page, 'Escape');
    assert.equal(await focused(page), 'flow');
    await press(page, 'Escape');
    assert.equal(await page.getByRole('searchbox').inputValue(), '');
  },
);

pageTest('Enter goes into the details, Escape back', samplePage, {}, async (page) => {
  await page.locator('#flow').focus();
  await press(page, 'Enter');
  assert.equal(await focused(page), 'side');
  await press(page, 'Escape');
  assert.equal(await focused(page), 'flow');
});

pageTest(
  'x shows bytes in hex, c copies the row as a script',
  samplePage,
  { fragment: '#e5' },
  async (page) => {
    await page.locator('#flow').focus();
    await press(page, 'x');
    assert.equal(
      await page.getByRole('tab', { name: 'Hex' }).getAttribute('aria-selected'),
      'true',
    );
    await press(page, 'c');
    await page.locator('.toast.on').waitFor();
    assert.equal(await clipboard(page), '@251.2 ms [1] > "EHLO me\\r\\n"');
  },
);

pageTest(
  'a question mark shows the keys, where those of one letter can be switched off',
  plainPage,
  {},
  async (page) => {
    await page.locator('#flow').focus();
    await press(page, '?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    assert.equal(await dialog.locator('kbd').count(), 12);
    await dialog.getByRole('checkbox').uncheck();
    await press(page, 'Escape');
    assert.equal(await dialog.isVisible(), false);
    await page.locator('#flow').focus();
    await press(page, 'j');
    assert.equal(await page.locator('.row.sel').count(), 0);
    await press(page, 'ArrowDown');
    assert.equal(await place(page), '1');
  },
);

pageTest('keys with Ctrl or Alt are left to the browser', plainPage, {}, async (page) => {
  await page.locator('#flow').focus();
  await press(page, 'Alt+j', 'Control+j');
  assert.equal(await page.locator('.row.sel').count(), 0);
});

pageTest(
  'the order of focus is tools, verdict, filters, flow, details',
  samplePage,
  {},
  async (page) => {
    const stops: string[] = [];
    await ask(page, 'document.body.focus()');
    for (let at = 0; at < 40; at++) {
      await press(page, 'Tab');
      stops.push(
        await ask(
          page,
          `document.activeElement.closest('.skip, .tools, .verdict, .bar, #flow, .side')?.className ?? ''`,
        ),
      );
    }
    const order = stops.filter((stop, at) => stop !== '' && stop !== stops[at - 1]);
    assert.deepEqual(order.slice(0, 6), ['skip', 'tools', 'verdict', 'bar', 'flow', 'side']);
  },
);
