import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, inbox, latestCode, message, requestCode, resend, wrongCodeFor,
} from '../support/journey';
import { PHONE } from '../support/phones';

/** The step's own heading, and the button that looks like the next step. */
async function expectNextStep(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(heading);
  await page.mouse.move(0, 0);
  const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
  const fill = await page.locator('#resend-form button').evaluate((button) => getComputedStyle(button).getPropertyValue('--fill'));
  expect(fill).toBe(accent);
}

test.describe('with codes that live six seconds', () => {
  test.use({ serverEnv: { CODE_LIFETIME_SECS: '6', RESEND_COOLDOWN_SECS: '2' } });

  test('at zero the page says so and offers another code, without a reload', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(page.locator('#resend')).toHaveText(/^Another code can be sent in 0:0\d$/);
    await expect(page.locator('#wait')).toHaveText(/^Another code in 0:0\d$/);
    await expect(page.locator('#resend')).toHaveText('Another code can be sent now');
    await expect(page.locator('#wait')).toHaveText('Text me another code');
    await expectState(page, 'expired');
    await expect(message(page)).toHaveText(/^The time is up/);
    await expect(page.locator('#code-form')).toBeHidden();
    await expect(page.locator('#resend-form button')).toBeFocused();
    await expectNextStep(page, 'The code has expired');
    await resend(page);
    await expectState(page, 'pending');
    await expect(page.locator('#code')).toBeFocused();
    await enterCode(page, await latestCode(page));
    await expectState(page, 'verified');
    expect(await inbox(page)).toHaveLength(2);
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a code that came too late is refused in its own words', async ({ page }) => {
      await page.goto('/');
      await requestCode(page, PHONE.typed);
      const code = await latestCode(page);
      await page.waitForTimeout(6000);
      await enterCode(page, code);
      await expectOutcome(page, 'code_expired');
      await expectState(page, 'expired');
      await expectNextStep(page, 'The code has expired');
    });
  });
});

test.describe('with one attempt', () => {
  test.use({ serverEnv: { MAX_ATTEMPTS: '1', RESEND_COOLDOWN_SECS: '4' } });

  test('when it is gone another code is the next step, as soon as it may be sent', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(page.getByRole('heading', { level: 2 })).toHaveText('Enter the code');
    await enterCode(page, wrongCodeFor(await latestCode(page)));
    await expectState(page, 'exhausted');
    await expect(page.locator('#resend-form button')).toBeFocused();
    await expect(page.locator('#resend-form button')).not.toHaveAttribute('aria-disabled');
    await expectNextStep(page, 'No attempts left');
    await expect(page.locator('#resend-form button')).toBeFocused();
  });
});

test.describe('with a cooldown of a second', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1', MAX_SENDS_PER_NUMBER: '2' } });

  test('an earlier code stays good after another was sent', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const first = await latestCode(page);
    await expect(page.locator('#resend')).toHaveText('Another code can be sent now');
    // The page counts from its question, and the server from the send a moment later.
    await page.waitForTimeout(500);
    await resend(page);
    await expect(page.locator('#sends')).toHaveText('No codes left today');
    expect(await inbox(page)).toHaveLength(2);
    await enterCode(page, first);
    await expectState(page, 'verified');
  });

  test('when the budget is spent the page says when it will not be', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    for (const outcome of ['code_sent', 'sends_exhausted']) {
      await page.waitForTimeout(1100);
      await resend(page);
      await expect(page.locator('#sends')).toHaveText('No codes left today');
      await expectOutcome(page, outcome);
    }
    await expect(message(page)).toHaveText(/in 24 hours/);
    await expect(page.locator('#resend')).toBeEmpty();
    await expect(page.locator('#wait')).toHaveText('No codes left today');
    expect(await inbox(page)).toHaveLength(2);
  });
});

test('a second request within the cooldown sends nothing and says when one may', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await resend(page);
  await expectOutcome(page, 'pending');
  await expect(message(page)).toHaveText(/in \d+ seconds|in 1 minute/);
  expect(await inbox(page)).toHaveLength(1);
});
