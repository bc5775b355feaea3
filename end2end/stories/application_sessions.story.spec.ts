import type { Browser, Page } from '@playwright/test';
import { axe, beginWith, expect, expectFits, expectFor, expectKnown, isSignedIn, LIBRARY, prove, SHOP, test } from '../support/applications';
import { expectState, signOut } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

/** The same person in another browser. */
async function signInElsewhere(browser: Browser, baseURL: string | undefined): Promise<Page> {
  const there = await browser.newPage({ baseURL, locale: 'en-US' });
  await there.waitForTimeout(1100);
  await there.goto('/sign-in');
  await prove(there, PHONE.typed);
  await expect(there).toHaveURL(/\/welcome$/);
  return there;
}

const place = (page: Page, name: string) => page.locator('#sessions li').filter({ hasText: name });

for (const [locale, words] of Object.entries(LANGUAGES)) {
  const [here, elsewhere] = locale === 'ko-KR' ? ['지금 이 브라우저', '다른 브라우저'] : ['This browser', 'Another browser'];
  // There is no island on the page: what holds without JavaScript holds with it.
  const javaScriptEnabled = locale === 'ko-KR';
  test.describe(`the welcome in ${words.language}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test.use({ locale, javaScriptEnabled, viewport: { width: 390, height: 780 } });

    test('lists where somebody is signed in, and ends that', async ({ page, browser, baseURL, shop, library }) => {
      await isSignedIn(page);
      await page.goto('/welcome');
      await expect(page.locator('#sessions'), 'nothing to list').toHaveCount(0);
      const there = await signInElsewhere(browser, baseURL);
      await beginWith(there, library, {});
      await expectKnown(there, library);
      await beginWith(page, shop, {});
      await expectKnown(page, shop);

      await page.goto('/welcome');
      await expect(page.locator('#sessions h2')).toHaveText(words.sessions);
      await expect(page.locator('#sessions li')).toHaveCount(2);
      await expect(page.locator('#sessions li').first()).toContainText(here);
      await expect(place(page, here)).toContainText(SHOP);
      await expect(place(page, here).locator('button')).toHaveCount(0);
      await expect(place(page, elsewhere)).toContainText(LIBRARY);
      await expectFits(page);
      await axe(page);
      await place(page, elsewhere).locator('button').click();
      await expect(page.locator('#sessions li')).toHaveCount(1);
      await there.goto('/welcome');
      await expect(there).toHaveURL(/\/$/);
      await there.context().close();
      await beginWith(page, shop, { prompt: 'none' });
      await expectKnown(page, shop);
    });
  });
}

test('signing out everywhere does, also for the applications', async ({ page, browser, baseURL, shop }) => {
  await isSignedIn(page);
  await beginWith(page, shop, {});
  await expectKnown(page, shop);
  await page.goto('/welcome');
  const there = await signInElsewhere(browser, baseURL);
  await there.reload();
  await there.locator('#sign-out-everywhere-form button').click();
  await expectState(there, 'none');
  await page.reload();
  await expect(page).toHaveURL('/');
  for (const one of [page, there]) {
    await beginWith(one, shop, {});
    await expectFor(one, SHOP);
  }
  await there.context().close();
});

test('a sign-out at the welcome ends an application’s way in as well', async ({ page, shop }) => {
  await isSignedIn(page);
  await beginWith(page, shop, {});
  await expectKnown(page, shop);
  await page.goto('/welcome');
  await signOut(page);
  await expectState(page, 'none');
  await beginWith(page, shop, { prompt: 'none' });
  await expect(page.locator('#error')).toHaveText('login_required');
});
