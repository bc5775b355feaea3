import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, requestCode, resend } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ provider: 'sens' });

const SOON = { timeout: 25_000 };

test('a text that does not arrive is told live, given back, and may be asked for again at once', async ({ page, sens }) => {
  sens.script(PHONE.digits, [{ on: 'send', delivery: { statusCode: '3001' } }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
  await expect(page.locator('#delivery')).toHaveText(/^The message did not arrive\. Is the number right/, SOON);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  await expect(page.locator('#resend')).toHaveText('Another code can be sent now');
  await resend(page);
  await expectOutcome(page, 'code_sent');
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
});

test('a text that arrives is told too, and nothing of the phone beside', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.', SOON);
  await expect(page.locator('main')).not.toContainText(/SKT|KT|LGU/);
  await page.reload();
  await hydrated(page);
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.');
});
