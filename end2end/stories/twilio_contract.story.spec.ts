import { startPrism, type Prism } from '../emulators/prism';
import { expect, test as base } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, requestCode, resend, signUp, startOver } from '../support/journey';
import { PHONE } from '../support/phones';

/** The vendor's own document stands between the server and the emulator. */
const test = base.extend<{ prism: Prism }>({
  prism: async ({ twilio }, use) => {
    const prism = await startPrism(twilio.url);
    await use(prism);
    await prism.close();
    expect(prism.violations, "breaches of the vendor's document").toEqual([]);
  },
  serverEnv: async ({ prism }, use) => use({ TWILIO_VERIFY_BASE_URL: prism.url, RESEND_COOLDOWN_SECS: '1' }),
});

test.use({ provider: 'twilio_verify' });

test("the whole journey keeps to the vendor's document, in either direction", async ({ page, twilio, prism }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await page.waitForTimeout(1100);
  await resend(page);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 3');
  await startOver(page);
  await page.waitForTimeout(1100);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, twilio.wrongCodeFor(PHONE.e164));
  await expectOutcome(page, 'incorrect_code');
  await enterCode(page, twilio.codeFor(PHONE.e164));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expectState(page, 'signed_up');
  expect(twilio.verifications.map((one) => one.status)).toEqual(['canceled', 'approved']);
  expect(prism.requests, 'what went through').toBeGreaterThanOrEqual(twilio.arrivals.length);
});
