import type { Locator, Page } from '@playwright/test';

export const THREE = { DEFAULT_REGION: 'KR', ALLOWED_REGIONS: 'KR,JP,US' };
export const ALL = { DEFAULT_REGION: 'KR', ALLOWED_REGIONS: '*' };

export const select = (page: Page): Locator => page.locator('#region');
export const field = (page: Page): Locator => page.locator('#phone_number');
export const hint = (page: Page): Locator => page.locator('#number-hint');

/** Types a number as a person does, one key after another. */
export async function type(page: Page, text: string): Promise<void> {
  await field(page).clear();
  await field(page).pressSequentially(text);
}
