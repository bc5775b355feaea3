import { expect, test } from '../support/fixture';
import {
  correctNumber, enterCode, expectOutcome, expectState, inbox, latestCode, message, numberShown, open, requestCode, resend, signOut,
  signUp, startOver, wrongCodeFor,
} from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

test.use({ javaScriptEnabled: false });

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`without JavaScript, in ${words.language}`, () => {
    test.use({ locale });

    test('the whole journey works', async ({ page }) => {
      await open(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expect(message(page)).toHaveText(words.sent);
      await expect(page.locator('#expiry')).toHaveText(words.timeLeft);
      await enterCode(page, await latestCode(page));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      await signOut(page);
      await expectState(page, 'none');
    });
  });
}

test('what happened is shown once, and never in the address', async ({ page }) => {
  await open(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'code_sent');
  await expect(page).toHaveURL('/');
  await page.reload();
  await expectOutcome(page, '');
  await expectState(page, 'pending');
});

test('a number that is none is told, and what was typed stays', async ({ page }) => {
  await open(page);
  await requestCode(page, '02-123-4567');
  await expectOutcome(page, 'invalid_phone_number');
  await expect(page.locator('#phone_number')).toHaveValue('02-123-4567');
});

test('a wrong code is told and leaves four attempts', async ({ page }) => {
  await open(page);
  await requestCode(page, PHONE.typed);
  await enterCode(page, wrongCodeFor(await latestCode(page)));
  await expectOutcome(page, 'incorrect_code');
  await expect(page.locator('#attempts')).toHaveText('Attempts left: 4');
});

test('a nickname that is none is told, and what was typed stays', async ({ page }) => {
  await open(page);
  await requestCode(page, PHONE.typed);
  await enterCode(page, await latestCode(page));
  await signUp(page, 'x'.repeat(31));
  await expectOutcome(page, 'invalid_nickname');
  await expect(page.locator('#nickname')).toHaveValue('x'.repeat(31));
});

test('a second press of the button sends nothing', async ({ page }) => {
  await open(page);
  await page.locator('#phone_number').fill(PHONE.typed);
  await page.locator('#number-form button').dblclick();
  await expectState(page, 'pending');
  expect(await inbox(page)).toHaveLength(1);
});

test.describe('with a cooldown of a second', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1' } });

  test('another code, another number and a new start are to be had', async ({ page }) => {
    await open(page);
    await requestCode(page, PHONE.typed);
    await page.waitForTimeout(1100);
    await resend(page);
    await expectOutcome(page, 'code_sent');
    await page.waitForTimeout(1100);
    await correctNumber(page, OTHER_PHONE.typed);
    await expectOutcome(page, 'code_sent');
    await expect(numberShown(page)).toHaveText(OTHER_PHONE.masked);
    expect(await inbox(page)).toHaveLength(3);
    await startOver(page);
  });
});
