import { twilioErrors } from '../emulators/twilio_errors';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, message, openHelp, requestCode, resend, signUp, startOver } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

test.use({ provider: 'twilio_verify' });

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`through Twilio Verify, in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up, and the vendor is told the language', async ({ page, twilio }) => {
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await enterCode(page, twilio.wrongCodeFor(PHONE.e164));
      await expectOutcome(page, 'incorrect_code');
      await enterCode(page, twilio.codeFor(PHONE.e164));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      expect(twilio.starts).toMatchObject([{ to: PHONE.e164, channel: 'sms', locale: words.tag }]);
      expect(twilio.verifications.map((one) => one.status)).toEqual(['approved']);
    });
  });
}

test.describe('with a cooldown of a second', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1' } });

  test('a resend repeats the same code, which keeps its own time, and the page says so', async ({ page, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await openHelp(page);
    await expect(page.getByText(/^Another text brings the same code/)).toBeVisible();
    await expect(page.getByText(/^If you need more time/)).toBeHidden();
    const code = twilio.codeFor(PHONE.e164);
    await page.waitForTimeout(2100);
    await resend(page);
    await expect(page.locator('#sends')).toHaveText('Codes left today: 3');
    await expect(message(page)).toHaveText('We sent the same code. Check your messages.');
    await expect(page.locator('#expiry')).toHaveText(/^Time left 9:5\d$/);
    expect(twilio.starts.map((one) => one.sid)).toEqual(Array(2).fill(twilio.verifications[0]?.sid));
    await enterCode(page, code);
    await expectState(page, 'verified');
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a resend says so too', async ({ page, twilio }) => {
      await page.goto('/');
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await openHelp(page);
      await expect(page.getByText(/^Another text brings the same code/)).toBeVisible();
      await expect(page.locator('#delivery')).toBeHidden();
      await page.waitForTimeout(1100);
      await resend(page);
      await expect(message(page)).toHaveText('We sent the same code. Check your messages.');
      expect(twilio.starts).toHaveLength(2);
    });
  });

  test('a new start for the same number has a verification of its own', async ({ page, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await startOver(page);
    await page.waitForTimeout(1100);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(twilio.verifications.map((one) => one.status)).toEqual(['canceled', 'pending']);
    await enterCode(page, twilio.codeFor(PHONE.e164));
    await expectState(page, 'verified');
  });
});

test('five wrong codes are the end', async ({ page, twilio }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  for (const left of ['Attempts left: 4', 'Attempts left: 3', 'Attempts left: 2', 'Attempts left: 1']) {
    await enterCode(page, twilio.wrongCodeFor(PHONE.e164));
    await expect(page.locator('#attempts')).toHaveText(left);
  }
  await enterCode(page, twilio.wrongCodeFor(PHONE.e164));
  await expectState(page, 'exhausted');
  expect(twilio.verifications[0]?.checks).toBe(5);
});

test('a number that the vendor blocks is told, and what was typed stays', async ({ page, twilio }) => {
  twilio.script('*', [{ on: 'start', answer: twilioErrors[60410] }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'delivery_blocked');
  await expect(message(page)).toHaveText(/We cannot text this number/);
});

test('when the answer to a start is lost the code still counts', async ({ page, twilio }) => {
  twilio.script('*', [{ on: 'start', cut: 'after_reading', accepted: true }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'code_may_arrive');
  await enterCode(page, twilio.codeFor(PHONE.e164));
  await expectState(page, 'verified');
  expect(twilio.starts).toHaveLength(1);
});
