import type { BrowserContext } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '../support/fixture';
import { enterCode, expectState, hydrated, latestCode, open, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

/** The wasm comes late on every page; a page that is left before gets none. */
async function delayWasm(context: BrowserContext, late: () => Promise<void>): Promise<void> {
  await context.route('**/*.wasm', async (route) => {
    await late();
    await route.continue().catch(() => {});
  });
}

const aMoment = () => sleep(1500);

test('the journey is over before a slow wasm arrives', async ({ page, context }) => {
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await delayWasm(context, () => arrived);
  await open(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
  arrive();
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});

test('what is half typed when the wasm arrives stays, and so does the caret', async ({ page, context }) => {
  await delayWasm(context, aMoment);
  await open(page);
  await page.locator('#phone_number').pressSequentially('010-1234');
  await page.keyboard.press('ArrowLeft');
  await hydrated(page);
  await expect(page.locator('#phone_number')).toHaveValue('010-1234');
  await expect(page.locator('#phone_number')).toBeFocused();
  await page.keyboard.type('5');
  await expect(page.locator('#phone_number')).toHaveValue('010-12354');
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a wasm that arrives in the middle of a step takes the step over as it is', async ({ page, context }) => {
  await open(page);
  await hydrated(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await latestCode(page);
  await delayWasm(context, aMoment);
  await page.reload();
  await page.locator('#code').pressSequentially(code.slice(0, 3));
  const before = await page.locator('main').innerText();
  await hydrated(page);
  await expect(page.locator('#code')).toHaveValue(code.slice(0, 3));
  const withoutClocks = (text: string) => text.replace(/\d+:\d\d/g, '');
  expect(withoutClocks(await page.locator('main').innerText())).toBe(withoutClocks(before));
  await page.locator('#code').pressSequentially(code.slice(3));
  await expectState(page, 'verified');
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});
