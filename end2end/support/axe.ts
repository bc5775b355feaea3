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
  const context = await contextLike(page);
  const copy = await context.newPage();
  const body = (await page.content()).replace(/<(\/?)noscript\b/g, '<$1div');
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "script-src 'none'" };
  await copy.route(page.url(), (route) => (route.request().isNavigationRequest() ? route.fulfill({ body, headers }) : route.continue()));
  await copy.goto(page.url());
  const violations = await violationsOn(copy);
  await context.close();
  return violations;
}

async function contextLike(page: Page): Promise<BrowserContext> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser of its own');
  const storageState = await page.context().storageState();
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const colorScheme = isDark ? 'dark' : 'light';
  return browser.newContext({ storageState, colorScheme, viewport: page.viewportSize(), ignoreHTTPSErrors: true, javaScriptEnabled: true });
}

function inOneLine({ id, help, nodes }: axeCore.Result): string {
  return `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`;
}
