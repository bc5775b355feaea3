import { begin, beginWith, expect, expectFor, expectKnown, hasAccount, isSignedIn, prove, sentCode, SHOP, test } from '../support/applications';
import { enterCode, expectState, requestCode, startOver, switchLanguage } from '../support/journey';
import { PHONE } from '../support/phones';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'by the island' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('prompt=login asks somebody again who is signed in, and they stay so elsewhere', async ({ page, shop, library }) => {
      await isSignedIn(page);
      await beginWith(page, library, {});
      await expectKnown(page, library);
      await beginWith(page, shop, {});
      const name = await expectKnown(page, shop);
      await page.waitForTimeout(1100);
      await beginWith(page, shop, { prompt: 'login' });
      await expect(page).toHaveURL(/\/sign-in\?request=/);
      await expectFor(page, SHOP);
      await page.reload();
      await prove(page, PHONE.typed);
      await expect.poll(() => shop.signIns.length).toBe(2);
      expect(await expectKnown(page, shop)).toBe(name);
      const [first, second] = shop.signIns;
      expect(second?.auth_time).toBeGreaterThan(first?.auth_time ?? 0);
      await beginWith(page, library, { prompt: 'none' });
      expect(await expectKnown(page, library), 'still signed in').toBe(name);
      await page.goto('/welcome');
      await expect(page.locator('bdi.nickname')).toHaveText('민지');
    });

    test('who is asked again and leaves it is still signed in', async ({ page, shop }) => {
      await isSignedIn(page);
      await page.waitForTimeout(1100);
      await beginWith(page, shop, { prompt: 'login' });
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await startOver(page);
      await expectFor(page, SHOP);
      await page.goto('/');
      await expect(page).toHaveURL('/welcome');
      await beginWith(page, shop, {});
      await expectKnown(page, shop);
    });
  });
}

test('a number that was proven too long ago is asked for again', async ({ page, shop }) => {
  await isSignedIn(page);
  await beginWith(page, shop, { max_age: '600' });
  await expectKnown(page, shop);
  await page.waitForTimeout(1100);
  await beginWith(page, shop, { max_age: '0' });
  await expectFor(page, SHOP);
  await prove(page, PHONE.typed);
  await expect.poll(() => shop.signIns.length).toBe(2);
});

test('prompt=none asks nobody', async ({ page, shop }) => {
  await beginWith(page, shop, { prompt: 'none' });
  await expect(page.locator('#error')).toHaveText('login_required');
  await isSignedIn(page);
  await beginWith(page, shop, { prompt: 'none' });
  await expectKnown(page, shop);
});

test('what an application thinks the number is stands in the field, and may be changed', async ({ page, shop, baseURL }) => {
  await hasAccount(baseURL);
  await beginWith(page, shop, { login_hint: '010-0000-0000' });
  await expect(page.locator('#phone_number')).toHaveValue('010-0000-0000');
  await prove(page, PHONE.typed);
  await expectKnown(page, shop);
});

test('a hint that is markup stays text', async ({ page, shop }) => {
  const hint = '"><img src=x onerror=alert(1)>';
  await beginWith(page, shop, { login_hint: hint });
  await expect(page.locator('#phone_number')).toHaveValue(hint);
});

test('a name that is markup stays text', async ({ page, library }) => {
  await begin(page, library);
  await expect(page.locator('#for')).toHaveText('To go on to Books & <b>Tea</b>, confirm your number.');
});

test('an application chooses the language, until its person does', async ({ page, shop, baseURL }) => {
  await hasAccount(baseURL);
  await beginWith(page, shop, { ui_locales: 'fr ko-KR en' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await switchLanguage(page, 'en');
  await beginWith(page, shop, { ui_locales: 'ko' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expectState(page, 'pending');
  await enterCode(page, await sentCode(page.request));
  await expectKnown(page, shop);
});

test('a request by a posted form arrives as well', async ({ page, shop, baseURL }) => {
  await hasAccount(baseURL);
  // The application's own link, sent as a form of its page.
  await page.route(`${shop.origin}/begin`, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    const { origin, pathname, searchParams } = new URL(answer.headers().location ?? '');
    const fields = [...searchParams].map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
    const body = `<form method="post" action="${origin}${pathname}">${fields.join('')}<button>Sign in</button></form>`;
    await route.fulfill({ response: answer, status: 200, headers: { ...answer.headers(), location: '', 'content-type': 'text/html' }, body });
  });
  await page.goto(`${shop.origin}/begin`);
  await page.getByRole('button').click();
  await expectFor(page, SHOP);
  await prove(page, PHONE.typed);
  await expectKnown(page, shop);
});
