import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, hydrated, inbox, latestCode, message, requestCode, signOut, signUp,
} from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';

test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1' } });

/** Makes an account, signs out, and waits until its number may be sent a code again. */
async function haveAccount(page: Page): Promise<void> {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
  await signOut(page);
  await expect(page).toHaveURL('/');
  await page.waitForTimeout(1100);
}

async function goToSignIn(page: Page): Promise<void> {
  await page.locator('#other-way').click();
  await expect(page).toHaveURL('/sign-in');
  await hydrated(page);
}

for (const [locale, title] of [['ko-KR', '휴대폰 번호로 로그인하기'], ['en-US', 'Sign in with your phone']] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('who has an account signs in by the number alone', async ({ page }) => {
      await haveAccount(page);
      await goToSignIn(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expect(page).toHaveURL('/sign-in');
      await enterCode(page, await latestCode(page));
      await expect(page).toHaveURL('/welcome');
      await expect(page.locator('bdi.nickname')).toHaveText('민지');
      await signOut(page);
      await expectState(page, 'none');
    });
  });
}

test('a sign-up with a number that has an account leads to sign-in', async ({ page }) => {
  await haveAccount(page);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'phone_number_taken');
  await expect(message(page)).toHaveText(/has an account already/);
  expect(await inbox(page)).toHaveLength(1);
  await goToSignIn(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expect(page).toHaveURL('/welcome');
});

test('a number without an account is offered one, after the right code only', async ({ page }) => {
  await page.goto('/sign-in');
  await hydrated(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.getByText('There is no account')).toBeHidden();
  await expect(page.locator('#nickname-step')).toBeHidden();
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await expect(page.locator('#nickname-step .lead')).toHaveText(/There is no account with 010-\*{4}-5678.* yet/);
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
});

test('a code for sign-in does not show on the page that signs up, nor the other way round', async ({ page, context }) => {
  const other = await context.newPage();
  await arrive(other);
  await page.goto('/sign-in');
  await hydrated(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await other.reload();
  await hydrated(other);
  await expectState(other, 'none');
  await page.waitForTimeout(1100);
  await requestCode(other, OTHER_PHONE.typed);
  await expectState(other, 'pending');
  await page.reload();
  await expectState(page, 'none');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('signing in works', async ({ page }) => {
    await page.goto('/sign-in');
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await enterCode(page, await latestCode(page));
    await expectState(page, 'verified');
    await signUp(page, '민지');
    await signOut(page);
    await expectState(page, 'none');
    await page.waitForTimeout(1100);
    await page.goto('/sign-in');
    await requestCode(page, PHONE.typed);
    await enterCode(page, await latestCode(page));
    await expect(page).toHaveURL('/welcome');
  });
});
