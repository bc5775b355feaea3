import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import { enterCode, expectOutcome, expectState, latestCode, message, open, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

const TERMS_URL = 'https://example.org/terms';
const PRIVACY_URL = 'https://example.org/privacy';

async function reachNickname(page: Page): Promise<void> {
  await open(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
}

test.describe('where the team has terms and a privacy notice', () => {
  test.use({ serverEnv: { TERMS_URL, PRIVACY_URL, SUPPORT_URL: 'https://example.org/help' }, javaScriptEnabled: false });

  test('the box of consent links both and must be ticked', async ({ page }) => {
    await reachNickname(page);
    const label = page.locator('label[for=consent]');
    await expect(label).toHaveText('I agree to the terms and the privacy notice');
    await expect(label.getByRole('link', { name: 'terms' })).toHaveAttribute('href', TERMS_URL);
    await expect(label.getByRole('link', { name: 'privacy notice' })).toHaveAttribute('href', PRIVACY_URL);
    await expect(page.locator('#support')).toHaveAttribute('href', 'https://example.org/help');
    await signUp(page, '민지', false);
    await expect(page.locator('#consent:invalid')).toBeFocused();
    await expectState(page, 'verified');
    await signUp(page, '민지');
    await expect(page).toHaveURL('/welcome');
  });

  test('a browser that lets the form go without it is told, and the nickname stays', async ({ page }) => {
    await reachNickname(page);
    await page.locator('#sign-up-form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
    await signUp(page, '민지', false);
    await expectOutcome(page, 'invalid_request');
    await expect(message(page)).toHaveText(/agree to the terms/);
    await expect(page.locator('#nickname')).toHaveValue('민지');
  });
});

test.describe('where the team has terms only', () => {
  test.use({ serverEnv: { TERMS_URL }, locale: 'ko-KR' });

  test('the box of consent links them', async ({ page }) => {
    await reachNickname(page);
    await expect(page.locator('label[for=consent]')).toHaveText('이용약관에 동의해요');
    await signUp(page, '민지');
    await expect(page).toHaveURL('/welcome');
  });
});

test('there is no box where the team has neither', async ({ page }) => {
  await reachNickname(page);
  await expect(page.locator('input[name=consent]')).toHaveCount(0);
});
