/** The wire timeline in a browser. One file, so that one browser serves every claim. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import './copying';
import './details';
import './filtering';
import './keys';
import './looks';
import './many-events';
import './rows';
import './safety';
import { claims, missingBrowser, SharedPage } from './pages';

let page: SharedPage | undefined;

before(async () => {
  if (missingBrowser === false) page = await SharedPage.open();
});

after(async () => {
  await page?.[Symbol.asyncDispose]();
});

for (const claim of claims) {
  test(claim.title, { skip: missingBrowser, timeout: 30_000 }, async () => {
    assert.ok(page !== undefined, 'Chromium was not started');
    await page.try(claim);
  });
}
