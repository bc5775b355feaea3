import { expect, test } from '../support/fixture';
import {
  arrive, correctNumber, enterCode, expectOutcome, expectState, inbox, latestCode, numberShown, requestCode, startOver,
} from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';

test.describe('with a cooldown of a second', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1' } });

  test('the code of a mistyped number never verifies the right one', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const old = await latestCode(page);
    await page.waitForTimeout(1100);
    await correctNumber(page, OTHER_PHONE.typed);
    await expect(numberShown(page)).toHaveText(OTHER_PHONE.masked);
    await expect(page.locator('#code')).toBeFocused();
    const code = await latestCode(page);
    if (old !== code) {
      await enterCode(page, old);
      await expectOutcome(page, 'incorrect_code');
    }
    await enterCode(page, code);
    await expectState(page, 'verified');
    await expect(page.locator('#nickname-step .number')).toHaveText(OTHER_PHONE.masked);
  });

  test('a page of before the correction costs the new number nothing', async ({ page, context, browser, baseURL }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const old = await latestCode(page);
    const before = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
    const stale = await before.newPage();
    await stale.goto(baseURL ?? '');
    await page.waitForTimeout(1100);
    await correctNumber(page, OTHER_PHONE.typed);
    await expect(numberShown(page)).toHaveText(OTHER_PHONE.masked);
    await enterCode(stale, old);
    await expectOutcome(stale, 'code_expired');
    await expectState(stale, 'pending');
    await expect(stale.locator('#attempts')).toHaveText('Attempts left: 5');
    await before.close();
  });
});

test('a correction within the cooldown sends nothing, says when it may, and keeps the text', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await correctNumber(page, OTHER_PHONE.typed);
  await expectOutcome(page, 'pending');
  await expect(page.locator('#message')).toHaveText(/in \d+ seconds|in 1 minute/);
  await expect(page.locator('#right_number')).toHaveValue(OTHER_PHONE.typed);
  expect(await inbox(page)).toHaveLength(1);
});

test('starting over forgets the code and keeps the cooldown', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await startOver(page);
  await expect(page.locator('#phone_number')).toBeFocused();
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'pending');
  await expectState(page, 'none');
  await expect(page.locator('#phone_number')).toHaveValue(PHONE.typed);
  expect(await inbox(page)).toHaveLength(1);
});

test('starting over is possible with a verified number too', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await startOver(page);
  await expect(page.locator('#phone_number')).toBeFocused();
});

test('somebody else is told to wait while a number rests', async ({ page, browser, baseURL }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const stranger = await (await browser.newContext({ baseURL, locale: 'en-US' })).newPage();
  await arrive(stranger);
  await requestCode(stranger, PHONE.typed);
  await expectOutcome(stranger, 'try_later');
  await expect(stranger.locator('#phone_number')).toHaveValue(PHONE.typed);
  expect(await inbox(page)).toHaveLength(1);
  await stranger.context().close();
});
