import type { Page } from '@playwright/test';
import { axe, beginWith, expect, expectFits, expectKnown, isSignedIn, test } from '../support/applications';
import { message } from '../support/journey';
import { LANGUAGES } from '../support/words';

/** The page leads nowhere but within the house. */
async function expectEnd(page: Page, origin: string, text: RegExp): Promise<void> {
  await expect(message(page)).toHaveText(text);
  for (const link of await page.locator('a[href]').all()) expect(await link.evaluate((one: HTMLAnchorElement) => one.origin)).toBe(origin);
  await expect(page.locator('form')).toHaveCount(0);
  await expectFits(page);
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`in ${words.language}, without JavaScript`, () => {
    test.use({ locale, javaScriptEnabled: false, viewport: { width: 390, height: 780 } });

    test('a request that nobody can trust ends on a page that says so', async ({ page, shop, library, beonho, complaints }) => {
      complaints.allowStatus(400);
      await isSignedIn(page);
      for (const wrong of <Record<string, string>[]>[
        { client_id: 'unknown' },
        { client_id: '' },
        { redirect_uri: `${library.origin}/callback` },
        { redirect_uri: `${shop.origin}/callback/` },
        { redirect_uri: 'javascript:alert(1)' },
      ]) {
        await beginWith(page, shop, wrong);
        await expect(page).toHaveURL(/\/oauth\/authorize\?/);
        await expect(page.locator('html')).toHaveAttribute('lang', words.tag);
        await expect(message(page)).toHaveText(words.applicationWrong);
        await expect(page.locator('#request')).toContainText('invalid_request: ');
      }
      await expectEnd(page, beonho.origin, words.applicationWrong);
      await axe(page);
      expect(shop.signIns).toEqual([]);
    });

    test('a request that does not wait any more says to begin again', async ({ page, shop, beonho, complaints }) => {
      complaints.allowStatus(400);
      for (const path of ['/sign-in', '/', '/oauth/continue']) {
        await page.goto(`${path}?request=AAAAAAAAAAAAAAAAAAAAAA`);
        await expectEnd(page, beonho.origin, words.requestOver);
      }
      await axe(page);
      // So it does for who is signed in, instead of a welcome that they did not come for.
      await isSignedIn(page);
      await page.goto('/sign-in?request=AAAAAAAAAAAAAAAAAAAAAA');
      await expect(message(page)).toHaveText(words.requestOver);
      await beginWith(page, shop, {});
      await expectKnown(page, shop);
    });
  });
}

test('a request that only its application can mend is told to it', async ({ page, shop }) => {
  await beginWith(page, shop, { response_type: 'token' });
  await expect(page.locator('#error')).toHaveText('unsupported_response_type');
  await beginWith(page, shop, { code_challenge_method: 'plain' });
  await expect(page.locator('#error')).toHaveText('invalid_request');
});

test('an answer that this browser did not ask for signs nobody in', async ({ page, shop, complaints }) => {
  complaints.allowStatus(400);
  await page.goto(`${shop.origin}/callback?code=foreign&state=foreign`);
  await expect(page.locator('#error')).toBeVisible();
  await page.goto(shop.origin);
  await expect(page.locator('#who')).toHaveText('a stranger');
});

test('names of requests that are none end on the page as well', async ({ page, complaints }) => {
  complaints.allowStatus(400);
  for (const name of ['%00', 'a%2F..%2Fb', 'x'.repeat(2000), '%F0%9F%8D%B5']) {
    await page.goto(`/sign-in?request=${name}`);
    await expect(message(page)).toHaveAttribute('data-outcome', 'request_over');
  }
});
