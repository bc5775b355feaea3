import { expect, test } from '../support/fixture';
import { enterCode, expectOutcome, expectState, latestCode, open, requestCode, signUp, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

test.beforeEach(async ({ context, complaints }) => {
  await context.route('**/*.wasm', (route) => route.abort());
  complaints.allow(/^Failed to load resource: net::ERR_FAILED \(.*\.wasm\)$/);
});

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`when the wasm never arrives, in ${words.language}`, () => {
    test.use({ locale });

    test('the whole journey works', async ({ page }) => {
      await open(page);
      await requestCode(page, 'not a number');
      await expectOutcome(page, 'invalid_phone_number');
      await expect(page.locator('#phone_number')).toHaveValue('not a number');
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      const code = await latestCode(page);
      await enterCode(page, wrongCodeFor(code));
      await expectOutcome(page, 'incorrect_code');
      await enterCode(page, code);
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.getByRole('heading', { name: words.welcome })).toBeVisible();
      await expect(page.locator('html[data-hydrated]')).toHaveCount(0);
    });
  });
}
