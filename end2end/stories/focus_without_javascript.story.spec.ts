import { expect, test } from '../support/fixture';
import { enterCode, expectOutcome, expectState, latestCode, open, requestCode, signUp, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ javaScriptEnabled: false });

test('without JavaScript too, what is wrong is marked and has the focus', async ({ page }) => {
  await open(page);
  await requestCode(page, '02-123-4567');
  await expectOutcome(page, 'invalid_phone_number');
  await expect(page.locator('#phone_number')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#phone_number')).toBeFocused();
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await latestCode(page);
  await enterCode(page, wrongCodeFor(code));
  await expectOutcome(page, 'incorrect_code');
  await expect(page.locator('#code')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#code')).toBeFocused();
  await enterCode(page, code);
  await expectState(page, 'verified');
  await signUp(page, 'x'.repeat(31));
  await expectOutcome(page, 'invalid_nickname');
  await expect(page.locator('#nickname')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#nickname')).toBeFocused();
});
