import type { Page } from '@playwright/test';
import {
  axe, begin, beginWith, expect, expectFits, expectKnown, isSignedIn, prove, SHOP, test,
} from '../support/applications';
import type { Application } from '../support/application';
import { LANGUAGES } from '../support/words';
import { PHONE } from '../support/phones';

/** Whether Beonho still knows somebody, by what it answers without a page. */
async function expectStranger(page: Page, application: Application): Promise<void> {
  await beginWith(page, application, { prompt: 'none' });
  await expect(page.locator('#error')).toHaveText('login_required');
}

async function expectBack(page: Page, application: Application): Promise<void> {
  await expect(page).toHaveURL(`${application.origin}/bye?state=see+you`);
  await expect(page.locator('#bye')).toHaveText('Signed out, see you');
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  // There is no island on the page: what holds without JavaScript holds with it.
  const javaScriptEnabled = locale === 'ko-KR';
  const way = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
  test.describe(`a sign-out from an application in ${words.language}, ${way}`, () => {
    test.use({ locale, javaScriptEnabled, viewport: { width: 390, height: 780 } });

    test('asks first where the application shows no token, and staying is a choice', async ({ page, shop }) => {
      await isSignedIn(page);
      await beginWith(page, shop, {});
      await expectKnown(page, shop);
      await page.goto(`${shop.origin}/sign-out?bare`);
      await expect(page.locator('main')).toHaveAttribute('data-state', 'leaving');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.leaving);
      await expect(page.locator('main .lead')).toContainText(words.leavingLead);
      await expect(page.locator('main .lead bdi')).toHaveText(SHOP);
      await expectFits(page);
      await axe(page);
      await page.locator('main a.button').click();
      await expect(page).toHaveURL('/welcome');
      await beginWith(page, shop, { prompt: 'none' });
      await expectKnown(page, shop);
      await page.goto(`${shop.origin}/sign-out?bare`);
      await page.locator('#leave-form button').click();
      await expectBack(page, shop);
      await expectStranger(page, shop);
    });
  });
}

test('with a token nobody is asked', async ({ page, shop, library }) => {
  await isSignedIn(page);
  await beginWith(page, shop, {});
  await expectKnown(page, shop);
  await page.locator('#sign-out').click();
  await expectBack(page, shop);
  await expectStranger(page, library);
});

test('whoever is signed out already is led back, and so is a second press', async ({ page, shop }) => {
  await page.goto(`${shop.origin}/sign-out`);
  await expectBack(page, shop);
  await isSignedIn(page);
  await page.goto(`${shop.origin}/sign-out?bare`);
  await page.locator('#leave-form button').dblclick();
  await expectBack(page, shop);
});

test('a sign-out that names no application ends here', async ({ page, beonho }) => {
  await isSignedIn(page);
  await page.goto(`${beonho.origin}/oauth/end-session`);
  await axe(page);
  await page.locator('#leave-form button').click();
  await expect(page.locator('main')).toHaveAttribute('data-state', 'left');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(LANGUAGES['en-US'].left);
  await axe(page);
  await page.locator('main a.button').click();
  await expect(page).toHaveURL('/sign-in');
});

test('a foreign address to go to afterwards is never led to, and signs nobody out', async ({ page, shop, beonho, complaints }) => {
  complaints.allowStatus(400);
  await isSignedIn(page);
  const foreign = new URLSearchParams({ client_id: 'shop', post_logout_redirect_uri: 'https://evil.example/' });
  await page.goto(`${beonho.origin}/oauth/end-session?${foreign}`);
  await expect(page.locator('#message')).toHaveText(LANGUAGES['en-US'].applicationWrong);
  await beginWith(page, shop, { prompt: 'none' });
  await expectKnown(page, shop);
});

test('a page of another site cannot press the button', async ({ page, shop, beonho, complaints }) => {
  complaints.allowStatus(403);
  await isSignedIn(page);
  await page.goto(shop.origin);
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action });
    document.body.append(form);
    form.submit();
  }, `${beonho.origin}/oauth/end-session/confirm`);
  await expect(page.locator('#message')).toHaveAttribute('data-outcome', 'cross_site');
  await beginWith(page, shop, { prompt: 'none' });
  await expectKnown(page, shop);
});

test('one application after the other: signing out of one ends the next one’s way in', async ({ page, shop, library }) => {
  await begin(page, shop);
  await prove(page, PHONE.typed);
  await page.locator('#nickname').fill('민지');
  await page.locator('#sign-up-form button').click();
  await expectKnown(page, shop);
  await beginWith(page, library, {});
  await expectKnown(page, library);
  await page.goto(shop.origin);
  await page.locator('#sign-out').click();
  await expectBack(page, shop);
  await page.goto(`${library.origin}/begin`);
  await expect(page).toHaveURL(/\/sign-in\?request=/);
});
