import { expect, type BrowserContext, type Page } from '@playwright/test';
import axeCore from 'axe-core';

type Run = { axe: { run(): Promise<axeCore.AxeResults> } };

/** Fails with what axe finds on the page as it is now: one line for each rule and the elements that break it. */
export async function axe(page: Page): Promise<void> {
  const isScripted = await page.evaluate(() => matchMedia('(scripting: enabled)').matches);
  const violations = isScripted ? await violationsOn(page) : await violationsOnCopy(page);
  expect(violations.map(inOneLine), 'accessibility').toEqual([]);
}

async function violationsOn(page: Page): Promise<axeCore.Result[]> {
  await page.evaluate(axeCore.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as Run).axe.run());
  return violations;
}

/** Axe waits on timers, which stand still without JavaScript: it looks at a copy then, whose own scripts may not run. */
async function violationsOnCopy(page: Page): Promise<axeCore.Result[]> {
  const copy = await copyOf(page.context());
  const body = (await page.content()).replace(/<(\/?)noscript\b/g, '<$1div');
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "script-src 'none'" };
  await copy.unrouteAll();
  await copy.route(page.url(), (route) => (route.request().isNavigationRequest() ? route.fulfill({ body, headers }) : route.continue()));
  await looksLike(copy, page);
  await copy.goto(page.url());
  return violationsOn(copy);
}

/** One page for all copies of a context's pages: a context costs more than what axe does. */
const copies = new WeakMap<BrowserContext, Promise<Page>>();

function copyOf(original: BrowserContext): Promise<Page> {
  const known = copies.get(original);
  if (known) return known;
  const made = newCopy(original);
  copies.set(original, made);
  return made;
}

async function newCopy(original: BrowserContext): Promise<Page> {
  const browser = original.browser();
  if (!browser) throw new Error('the page has no browser of its own');
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: true });
  return context.newPage();
}

/** Closes the page of a context's copies. To be waited for: the worker may end with the test, and its browser with it. */
export async function closeCopies(original: BrowserContext): Promise<void> {
  const copy = await copies.get(original);
  await copy?.context().close();
}

async function looksLike(copy: Page, page: Page): Promise<void> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await copy.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  await copy.setViewportSize(page.viewportSize() ?? { width: 1280, height: 720 });
  await copy.context().clearCookies();
  await copy.context().addCookies(await page.context().cookies());
}

function inOneLine({ id, help, nodes }: axeCore.Result): string {
  return `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`;
}
