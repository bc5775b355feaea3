import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, openHelp, requestCode, resend } from '../support/journey';
import { PHONE } from '../support/phones';
import { sensEnv, twilioEnv } from '../support/vendor_env';

const COOLDOWN = { RESEND_COOLDOWN_SECS: '1' };

test.describe('from SENS to Twilio Verify', () => {
  test.use({ provider: 'sens', serverEnv: COOLDOWN });

  test('a code is judged by the provider that sent it', async ({ page, beonho, sens, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await beonho.restart(twilioEnv(twilio));
    await page.reload();
    await hydrated(page);
    await expect(page.locator('#delivery')).toBeVisible();
    await openHelp(page);
    await expect(page.getByText(/^If you need more time/)).toBeVisible();
    await enterCode(page, sens.lastCode(PHONE.digits));
    await expectState(page, 'verified');
    expect(twilio.arrivals).toEqual([]);
  });

  test('another code comes from the new provider, and the old one is over', async ({ page, beonho, sens, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const old = sens.lastCode(PHONE.digits);
    await beonho.restart(twilioEnv(twilio));
    await page.waitForTimeout(1000);
    await resend(page);
    await expect.poll(() => twilio.starts.length).toBe(1);
    await expectOutcome(page, 'code_sent');
    expect(sens.sent).toHaveLength(1);
    if (old !== twilio.codeFor(PHONE.e164)) {
      await enterCode(page, old);
      await expectOutcome(page, 'incorrect_code');
    }
    await enterCode(page, twilio.codeFor(PHONE.e164));
    await expectState(page, 'verified');
  });

  test('without the settings of the old provider its codes are good all the same: they are ours', async ({ page, beonho, sens, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const gone = Object.fromEntries(Object.keys(sensEnv(sens)).map((name) => [name, '']));
    await beonho.restart({ ...gone, ...twilioEnv(twilio) });
    await enterCode(page, sens.lastCode(PHONE.digits));
    await expectOutcome(page, 'verified');
    await expectState(page, 'verified');
  });
});

test.describe('from Twilio Verify to SENS', () => {
  test.use({ provider: 'twilio_verify', serverEnv: COOLDOWN });

  test('a code is judged by the provider that sent it', async ({ page, beonho, sens, twilio }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await beonho.restart(sensEnv(sens));
    await page.reload();
    await hydrated(page);
    await expect(page.locator('#delivery')).toBeHidden();
    await openHelp(page);
    await expect(page.getByText(/^Another text brings the same code/)).toBeVisible();
    await enterCode(page, twilio.codeFor(PHONE.e164));
    await expectState(page, 'verified');
    expect(sens.sent).toEqual([]);
  });
});
