import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectState, latestCode, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

/** Nothing lies outside the window, and everything that can be pressed is large enough for a thumb (WCAG 2.2, 2.5.8). */
async function expectFits(page: Page): Promise<void> {
  const [scrollWidth = 0, clientWidth = 0] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(scrollWidth, 'the width of the page').toBeLessThanOrEqual(clientWidth);
  for (const target of await page.locator('button, input:not([type=hidden]), summary, a').filter({ visible: true }).all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.evaluate((one) => one.outerHTML)).toBeGreaterThanOrEqual(24);
  }
}

for (const width of [390, 320]) {
  for (const [locale, words] of Object.entries(LANGUAGES)) {
    test.describe(`on a phone ${width} pixels wide, in ${words.language}`, () => {
      test.use({ locale, viewport: { width, height: 780 }, hasTouch: true, isMobile: true });

      test('every step of the journey fits', async ({ page }) => {
        await arrive(page);
        await expectFits(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await page.locator('#correction summary').tap();
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
