import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectState, latestCode, numberShown, requestCode, signOut, signUp, startOver,
} from '../support/journey';
import { PHONE } from '../support/phones';

test('a second tab follows the first through the whole journey', async ({ page, context }) => {
  const tab = await context.newPage();
  await arrive(tab);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(tab, 'pending');
  await expect(numberShown(tab)).toHaveText(PHONE.masked);
  await enterCode(page, await latestCode(page));
  await expectState(tab, 'verified');
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
  await expect(tab).toHaveURL('/welcome');
});

test('each tab may take the next step', async ({ page, context }) => {
  const tab = await context.newPage();
  await arrive(tab);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(tab, 'pending');
  await enterCode(tab, await latestCode(tab));
  await expectState(page, 'verified');
  await startOver(page);
  await expectState(tab, 'none');
});

test('a tab that was left behind by a sign-out starts anew when it is looked at', async ({ page, context }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  const tab = await context.newPage();
  await arrive(tab);
  await expectState(tab, 'verified');
  await signUp(page, '민지');
  await expect(tab).toHaveURL('/welcome');
  await signOut(page);
  await tab.reload();
  await expect(tab).toHaveURL('/');
});

/** The session moves on although the page is told nothing. */
async function requestBehindItsBack(page: Page): Promise<void> {
  const { ok } = await page.evaluate(async (number) => {
    const body = new URLSearchParams({ phone_number: number });
    return { ok: (await fetch('/api/start', { method: 'POST', body })).ok };
  }, PHONE.typed);
  expect(ok).toBe(true);
  await expectState(page, 'none');
}

for (const [what, tell] of [
  ['comes back from the cache of pages', () => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))],
  ['is on the network again', () => void window.dispatchEvent(new Event('online'))],
  ['is looked at again', () => void document.dispatchEvent(new Event('visibilitychange'))],
] as const) {
  test(`a page that ${what} asks where things stand`, async ({ page }) => {
    await arrive(page);
    await requestBehindItsBack(page);
    await page.evaluate(tell);
    await expectState(page, 'pending');
  });
}
