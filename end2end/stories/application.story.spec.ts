import { axe, begin, countLoads, expect, expectFits, expectFor, expectKnown, hasAccount, prove, sentCode, SHOP, test } from '../support/applications';
import { enterCode, expectState, hydrated, requestCode } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

/** Each language with and without JavaScript, on a phone and on a desk. */
const WAYS = [
  ['ko-KR', true, 390],
  ['ko-KR', false, 1280],
  ['en-US', false, 390],
  ['en-US', true, 1280],
] as const;

for (const [locale, javaScriptEnabled, width] of WAYS) {
  const words = LANGUAGES[locale];
  const way = javaScriptEnabled ? 'by the island' : 'without JavaScript';
  test.describe(`an application's sign-in in ${words.language}, ${width} pixels wide, ${way}`, () => {
    test.use({ locale, javaScriptEnabled, viewport: { width, height: 780 } });

    test('says for whom, leads back, and asks only once', async ({ page, shop, baseURL }) => {
      await hasAccount(baseURL);
      await begin(page, shop);
      await expect(page).toHaveURL(/\/sign-in\?request=[\w-]+$/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.signInTitle);
      await expect(page.locator('#for')).toHaveText(words.goingOn);
      await expectFits(page);
      await axe(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expectFor(page, SHOP);
      await expectFits(page);
      await axe(page);
      await enterCode(page, await sentCode(page.request));
      const name = await expectKnown(page, shop);

      await page.context().clearCookies({ domain: '127.0.0.1' });
      await page.goto(shop.origin);
      await expect(page.locator('#who')).toHaveText('a stranger');
      const loads = countLoads(page);
      await page.locator('#sign-in').click();
      expect(await expectKnown(page, shop), 'the same person').toBe(name);
      await page.waitForLoadState();
      expect(loads(), 'no page in between').toBe(1);
    });
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'by the island' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a sign-in for an application loads one page more than one without', async ({ page, shop, baseURL }) => {
      await hasAccount(baseURL);
      // A press before the island is there is a post, which loads a page too.
      const ready = () => (javaScriptEnabled ? hydrated(page) : page.waitForLoadState());
      const loads = countLoads(page);
      await page.goto('/sign-in');
      await ready();
      await prove(page, PHONE.typed);
      await expect(page).toHaveURL('/welcome');
      await page.waitForLoadState();
      const without = loads();
      await page.context().clearCookies();
      await page.waitForTimeout(1100);
      const before = loads();
      await begin(page, shop);
      await ready();
      await prove(page, PHONE.typed);
      await expectKnown(page, shop);
      await page.waitForLoadState();
      expect(loads() - before).toBe(without + 1);
    });
  });
}

test('what an application is told: who, when, and by what they proved it', async ({ page, shop, baseURL }) => {
  await hasAccount(baseURL);
  await begin(page, shop);
  await prove(page, PHONE.typed);
  const sub = await expectKnown(page, shop);
  expect(shop.signIns).toMatchObject([{ sub, amr: ['otp', 'sms'] }]);
  expect(Math.abs((shop.signIns[0]?.auth_time ?? 0) - Date.now() / 1000)).toBeLessThan(30);
  expect(sub).not.toContain(PHONE.digits.slice(3));
});
