import { expectFits } from '../support/fits';
import { test } from '../support/fixture';
import { arrive, enterCode, expectState, latestCode, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

for (const width of [390, 320]) {
  for (const [locale, words] of Object.entries(LANGUAGES)) {
    test.describe(`on a phone ${width} pixels wide, in ${words.language}`, () => {
      test.use({ locale, viewport: { width, height: 780 }, hasTouch: true, isMobile: true });

      test('every step of the journey fits', async ({ page }) => {
        await arrive(page);
        await expectFits(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await page.locator('#no-text summary').tap();
        await expectFits(page);
        await enterCode(page, await latestCode(page));
        await expectState(page, 'verified');
        await expectFits(page);
        await signUp(page, '민'.repeat(30));
        await expectState(page, 'signed_up');
        await expectFits(page);
        await page.goto('/inbox');
        await expectFits(page);
      });
    });
  }
}
