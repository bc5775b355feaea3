import type { Page } from '@playwright/test';
import { begin, expect, expectFor, expectKnown, hasAccount, isSignedIn, prove, sentCode, SHOP, test } from '../support/applications';
import {
  correctNumber, enterCode, expectOutcome, expectState, requestCode, resend, signUp, startOver, switchLanguage, wrongCodeFor,
  type State,
} from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';

/** After a reload, in the other language and back, the step is the same, and so is the request that waits. */
async function expectSteady(page: Page, state: State): Promise<void> {
  const url = page.url();
  expect(url).toContain('?request=');
  await page.reload();
  for (const language of ['ko', 'en'] as const) {
    await switchLanguage(page, language);
    await expectState(page, state);
    await expectFor(page, SHOP);
    await expect(page).toHaveURL(url);
  }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'by the island' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a reload and another language leave each step as it is', async ({ page, shop }) => {
      await begin(page, shop);
      await expectSteady(page, 'none');
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expectSteady(page, 'pending');
      await enterCode(page, await sentCode(page.request));
      await expectState(page, 'verified');
      await expectSteady(page, 'verified');
      await signUp(page, '민지');
      const name = await expectKnown(page, shop);
      await page.reload();
      expect(await expectKnown(page, shop)).toBe(name);
    });

    test('a wrong code, another text, another number and a new start keep the request', async ({ page, shop }) => {
      await begin(page, shop);
      await requestCode(page, 'no number');
      await expectOutcome(page, 'invalid_phone_number');
      await requestCode(page, OTHER_PHONE.typed);
      await expectState(page, 'pending');
      await enterCode(page, wrongCodeFor(await sentCode(page.request)));
      await expectOutcome(page, 'incorrect_code');
      await page.waitForTimeout(1100);
      await resend(page);
      await expectOutcome(page, 'code_sent');
      await startOver(page);
      await expectFor(page, SHOP);
      await page.waitForTimeout(1100);
      await requestCode(page, OTHER_PHONE.typed);
      await expectState(page, 'pending');
      await page.waitForTimeout(1100);
      await correctNumber(page, PHONE.typed);
      await expect(page.locator('#code-step .number').filter({ visible: true })).toHaveText(PHONE.masked);
      await enterCode(page, await sentCode(page.request));
      await expectState(page, 'verified');
      await startOver(page);
      await page.waitForTimeout(1100);
      await prove(page, PHONE.typed);
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expectKnown(page, shop);
    });

    test('back, from the sign-in and from the application, leads nobody astray', async ({ page, shop, baseURL }) => {
      await hasAccount(baseURL);
      await begin(page, shop);
      await page.goBack();
      await expect(page).toHaveURL(`${shop.origin}/`);
      await page.goForward();
      await expectFor(page, SHOP);
      await prove(page, PHONE.typed);
      const name = await expectKnown(page, shop);
      // The sign-in page knows that it is done, and leads on.
      await page.goBack();
      expect(await expectKnown(page, shop)).toBe(name);
    });
  });
}

test('the brand above the page leads out of no request, and its address goes on from a bookmark', async ({ page, shop, context }) => {
  await begin(page, shop);
  const url = page.url();
  await page.locator('a.brand').click();
  await expect(page).toHaveURL(url);
  await expectFor(page, SHOP);
  await isSignedIn(page);
  const tab = await context.newPage();
  await tab.goto(url);
  await expectKnown(tab, shop);
});

test('the address holds the name of the request and nothing of what was asked', async ({ page, shop }) => {
  await begin(page, shop);
  expect([...new URL(page.url()).searchParams.keys()]).toEqual(['request']);
  const html = await page.content();
  for (const asked of ['code_challenge', 'redirect_uri', 'openid', '/callback']) expect(html).not.toContain(asked);
});
