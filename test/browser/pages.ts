/** Chromium, once for all tests of this folder, and pages in it. */
import assert from 'node:assert/strict';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const executable = findBrowser();
const screenshots = resolve('.brine/out/screenshots');

/**
 * Why the tests of this folder are left out: there is no Chromium on somebody's machine. Where CI
 * runs, they are not left out and fail.
 */
export const missingBrowser: string | false =
  executable === undefined && process.env['CI'] === undefined
    ? `needs ${names[0]}: not found on PATH, and BRINE_CHROMIUM names none`
    : false;

/** How a page is opened. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Part of the address behind `#`. */
  readonly fragment?: string;
  /** Page of another file that is opened instead, with this one beside it as `inner.html`. */
  readonly around?: string;
  /** Whether messages of the browser are what the test is about. */
  readonly noisy?: true;
}

/** A claim about a page, which makes no request but for itself and prints nothing. */
export interface PageClaim {
  readonly title: string;
  readonly html: () => string;
  readonly options: PageOptions;
  readonly body: (page: Page) => Promise<void>;
}

/** The claims of this folder, which one test file tries on one page of one browser. */
export const claims: PageClaim[] = [];

export function pageTest(
  title: string,
  html: () => string,
  options: PageOptions,
  body: (page: Page) => Promise<void>,
): void {
  claims.push({ title, html, options, body });
}

/** The one page; each claim brings a document of its own. */
export class SharedPage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'brine-browser-'));
  #count = 0;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async open(): Promise<SharedPage> {
    mkdirSync(screenshots, { recursive: true });
    const browser = await chromium.launch({
      executablePath: executable ?? names[0] ?? '',
      // Containers run as root, where Chromium has no sandbox, and have a small /dev/shm.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    });
    const permissions = ['clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ permissions });
    context.setDefaultTimeout(10_000);
    return new SharedPage(browser, await context.newPage());
  }

  async try({ html, options, body }: PageClaim): Promise<void> {
    const { width = 1280, height = 900, scheme = 'light' } = options;
    const page = this.#page;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ media: 'screen', colorScheme: scheme });
    const noise: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    try {
      const source = html();
      await page.goto(this.#write(source, options));
      const root = options.around === undefined ? page : page.frameLocator('iframe');
      // A page without script is ready when it is loaded.
      if (source.includes('<script>')) {
        await root.locator('html[data-ready]').waitFor({ state: 'attached' });
      }
      await body(page);
      if (options.noisy === true) return;
      assert.deepEqual(noise, []);
      assert.equal(requests.length, options.around === undefined ? 1 : 2, requests.join('\n'));
    } finally {
      page.removeAllListeners();
    }
  }

  /** Returns the address of what is to be opened. */
  #write(html: string, { fragment = '', around }: PageOptions): string {
    const name = `${++this.#count}.html`;
    const file = join(this.#folder, name);
    writeFileSync(file, html);
    if (around === undefined) return `${pathToFileURL(file)}${fragment}`;
    const outer = join(this.#folder, `around-${name}`);
    writeFileSync(outer, around.replace('inner.html', name));
    return String(pathToFileURL(outer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Keeps what a page looks like, for people; CI keeps the folder. */
export async function keepScreenshot(
  page: Page,
  name: string,
  options: { readonly fullPage?: boolean } = {},
): Promise<void> {
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', ...options });
}

/** What a page's script says; text, since these tests are compiled without the types of browsers. */
export function ask<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate(expression);
}

/** The row chosen, as it is read out. */
export function chosenRow(page: Page): Promise<string | null> {
  return page.locator('[role=option][aria-selected=true]').getAttribute('aria-label');
}

export function clipboard(page: Page): Promise<string> {
  return ask(page, 'navigator.clipboard.readText()');
}

function findBrowser(): string | undefined {
  const named = process.env['BRINE_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((path) => names.map((name) => join(path, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
