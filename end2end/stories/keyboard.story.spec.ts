import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import { arrive, expectOutcome, expectState, latestCode } from '../support/journey';

/** Presses Tab until the focus is on an element, which must be visible there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return expectVisibleFocus(page);
  }
  throw new Error(`${selector} is not to be reached by Tab`);
}

async function expectVisibleFocus(page: Page): Promise<void> {
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
  });
  expect(outline, 'the width of the outline of what has the focus').toBeGreaterThanOrEqual(2);
}

test('the whole journey works with the keyboard alone', async ({ page }) => {
  await arrive(page);
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, '#phone_number');
  await page.keyboard.type('0212345678');
  await page.keyboard.press('Enter');
  await expectOutcome(page, 'invalid_phone_number');
  await expect(page.locator('#phone_number')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('01012345678');
  await tabTo(page, '#number-form button');
  await page.keyboard.press('Space');

  await expect(page.locator('#code')).toBeFocused();
  await tabTo(page, '#resend-form button');
  await tabTo(page, '#no-text summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '#right_number');
  await tabTo(page, '#start-over-form button');
  await page.keyboard.press('Shift+Tab');
  const code = await latestCode(page);
  await page.bringToFront();
  while (!(await page.locator('#code:focus').count())) await page.keyboard.press('Shift+Tab');
  await page.keyboard.type(code);

  await expect(page.locator('#nickname')).toBeFocused();
  await page.keyboard.type('민지');
  await page.keyboard.press('Enter');
  await expectState(page, 'signed_up');
  await tabTo(page, '#sign-out-form button');
  await page.keyboard.press('Enter');
  await expectState(page, 'none');
});
