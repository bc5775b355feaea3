import type { Page } from '@playwright/test';
import { axe, begin, beginWith, expect, expectFits, expectFor, expectKnown, isSignedIn, prove, SHOP, test } from '../support/applications';
import { expectOutcome, expectState, signUp } from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

const PAPERS = { TERMS_URL: 'https://example.org/terms', PRIVACY_URL: 'https://example.org/privacy' };

/** The other page, with the request that waits. */
async function takeOtherWay(page: Page, path: string): Promise<void> {
  const { search } = new URL(page.url());
  await page.locator('#other-way').click();
  await expect(page).toHaveURL(`${path}${search}`);
  await expectFor(page, SHOP);
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  for (const javaScriptEnabled of [true, false]) {
    const way = javaScriptEnabled ? 'by the island' : 'without JavaScript';
    test.describe(`a sign-up in the middle, in ${words.language}, ${way}`, () => {
      test.use({ locale, javaScriptEnabled, house: PAPERS, viewport: { width: 390, height: 780 } });

      test('a number without an account gets one, and its owner is led back', async ({ page, shop }) => {
        await begin(page, shop);
        await prove(page, PHONE.typed);
        await expectState(page, 'verified');
        await expect(page.getByRole('heading', { level: 2, name: words.verified })).toBeVisible();
        await expectFor(page, SHOP);
        await expectFits(page);
        await axe(page);
        await signUp(page, '   ');
        await expectOutcome(page, 'invalid_nickname');
        await expectFor(page, SHOP);
        await signUp(page, '민지');
        await expectKnown(page, shop);
        await page.goto('/welcome');
        await expect(page.locator('bdi.nickname')).toHaveText('민지');
      });
    });
  }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'by the island' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the page that signs up leads back as well, also for whoever went to and fro', async ({ page, shop }) => {
      await begin(page, shop);
      await takeOtherWay(page, '/');
      await takeOtherWay(page, '/sign-in');
      await takeOtherWay(page, '/');
      await prove(page, PHONE.typed);
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expectKnown(page, shop);
    });

    test('prompt=create begins with the page that signs up, also for somebody who is signed in', async ({ page, shop }) => {
      await isSignedIn(page);
      await beginWith(page, shop, {});
      const first = await expectKnown(page, shop);
      await page.waitForTimeout(1100); // until this browser may be sent another code
      await beginWith(page, shop, { prompt: 'create' });
      await expect(page).toHaveURL(/:\d+\/\?request=[\w-]+$/);
      await expectFor(page, SHOP);
      await prove(page, OTHER_PHONE.typed);
      await expectState(page, 'verified');
      await signUp(page, '수아');
      await expect.poll(() => shop.signIns.length).toBe(2);
      expect(await expectKnown(page, shop)).not.toBe(first);
    });
  });
}
