import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import { arrive, expectState, requestCode } from '../support/journey';
import { PHONE } from '../support/phones';

/** The bytes that each path of a page cost on the wire, as the browser's own network log counts them; none for what it had. */
async function transferred(page: Page, visit: () => Promise<unknown>): Promise<Record<string, number>> {
  const network: CDPSession = await page.context().newCDPSession(page);
  const paths = new Map<string, string>();
  const bytes: Record<string, number> = {};
  network.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    if (path !== undefined && encodedDataLength > 0) bytes[path] = (bytes[path] ?? 0) + encodedDataLength;
  });
  await network.send('Network.enable');
  await visit();
  await network.detach();
  return bytes;
}

const sum = (bytes: Record<string, number>) => Object.values(bytes).reduce((all, one) => all + one, 0);

test('a second visit transfers the page and nothing else', async ({ page }) => {
  const first = await transferred(page, () => arrive(page));
  expect(Object.keys(first)).toContainEqual(expect.stringMatching(/\.wasm$/));
  await page.goto('about:blank');
  const second = await transferred(page, () => arrive(page));
  expect(Object.keys(second)).toEqual(['/']);
  expect(sum(second)).toBeLessThan(4_000);
  expect(sum(first)).toBeLessThan(75_000);
});

test('nor does a return in the middle of the journey transfer anything else', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await page.goto('about:blank');
  const bytes = await transferred(page, () => arrive(page));
  await expectState(page, 'pending');
  expect(Object.keys(bytes)).toEqual(['/']);
});

test('what is kept for ever is named after its content, and what is missing is not kept', async ({ page }) => {
  const lifetime = async (path: string) => (await page.request.get(path)).headers()['cache-control'];
  await arrive(page);
  const links = page.locator('link:is([rel=stylesheet], [rel=modulepreload], [rel=preload])');
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  expect(paths).toHaveLength(4);
  for (const path of paths) expect(await lifetime(path), path).toBe('public, max-age=31536000, immutable');
  expect(await lifetime('/favicon.svg')).toBe('public, max-age=86400');
  expect(await lifetime('/pkg/of-another-build.wasm')).toBe('no-store');
  expect(await lifetime('/brand.css?ffffff')).toBe('no-cache');
});
