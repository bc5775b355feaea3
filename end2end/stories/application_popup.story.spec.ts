import type { Page } from '@playwright/test';
import { expect, expectFor, isSignedIn, prove, SHOP, test } from '../support/applications';
import { enterCode, expectState, latestCode, requestCode, signUp, switchLanguage } from '../support/journey';
import { PHONE } from '../support/phones';

/** Presses the application's button; gives the window that it opens. */
async function openWindow(page: Page, origin: string): Promise<Page> {
  await page.goto(`${origin}/popup`);
  const opened = page.waitForEvent('popup');
  await page.locator('#open').click();
  return opened;
}

/** The page that opened the window was told by it, and the window is gone. */
async function expectTold(page: Page, opened: Page): Promise<void> {
  await expect(page.locator('#told')).toHaveText(/^\S+$/);
  await expect.poll(() => opened.isClosed()).toBe(true);
}

test('a window of its own tells the page that opened it', async ({ page, shop }) => {
  const opened = await openWindow(page, shop.origin);
  await expectFor(opened, SHOP);
  await prove(opened, PHONE.typed);
  await expectState(opened, 'verified');
  await signUp(opened, '민지');
  await expectTold(page, opened);
});

test('so it does for whoever is signed in', async ({ page, shop }) => {
  await isSignedIn(page);
  const opened = await openWindow(page, shop.origin);
  await expectTold(page, opened);
});

test('so it does after another language, the other page and a reload', async ({ page, shop }) => {
  const opened = await openWindow(page, shop.origin);
  await expectFor(opened, SHOP);
  await switchLanguage(opened, 'ko');
  await opened.locator('#other-way').click();
  await requestCode(opened, PHONE.typed);
  await expectState(opened, 'pending');
  await opened.reload();
  await enterCode(opened, await latestCode(opened));
  await expectState(opened, 'verified');
  await signUp(opened, '민지');
  await expectTold(page, opened);
});

test('so it does where the wasm never arrives, and forms are posted', async ({ page, shop, context, complaints }) => {
  await context.route('**/*.wasm', (route) => route.abort());
  complaints.allow(/^Failed to load resource: net::ERR_FAILED \(.*\.wasm\)$/);
  const opened = await openWindow(page, shop.origin);
  await prove(opened, PHONE.typed);
  await expectState(opened, 'verified');
  await signUp(opened, '민지');
  await expectTold(page, opened);
});

test('a page that leads to no application stays cut off from whoever opened it', async ({ page, shop, baseURL }) => {
  await page.goto(shop.origin);
  const opened = page.waitForEvent('popup');
  await page.evaluate((url) => void window.open(url), `${baseURL}/sign-in`);
  const sign = await opened;
  await sign.locator('#number-form').waitFor();
  expect(await sign.evaluate(() => window.opener === null)).toBe(true);
});
