import type { Frame, Page } from '@playwright/test';
import { enterCode, expectState, hydrated, latestCode, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { expect } from './fixture';

type Claims = Record<string, unknown>;

/** On the page that says for whom, somebody without an account proves a number and makes one. */
export async function becomeSomebody(page: Page, name: string, nickname = '민지'): Promise<void> {
  await proveNumber(page, name);
  await expectState(page, 'verified');
  await signUp(page, nickname);
}

/** On the page that says for whom, a number is proven. */
export async function proveNumber(page: Page, name: string): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in\?request=[\w-]+$/);
  await expect(page.locator('main')).toContainText(name);
  if (await page.evaluate(() => matchMedia('(scripting: enabled)').matches)) await hydrated(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
}

/** What the application's page says of whoever is signed in there. */
export async function personAt(page: Page, origin: string): Promise<Claims> {
  const [person, fault] = [page.locator('#person'), page.locator('#fault')];
  await expect(person.or(fault)).toBeVisible();
  if (await fault.count()) throw new Error(`the application refused: ${await fault.innerText()}`);
  expect(new URL(page.url()).origin).toBe(origin);
  return JSON.parse(await person.innerText()) as Claims;
}

/** Does something that shows the person no page of the provider's on the way. */
export async function straightThrough(page: Page, provider: string, act: () => Promise<void>): Promise<void> {
  const seen: string[] = [];
  const note = (frame: Frame): void => void (frame === page.mainFrame() && seen.push(frame.url()));
  page.on('framenavigated', note);
  await act();
  page.off('framenavigated', note);
  expect(seen.filter((url) => url.startsWith(provider)), 'pages of the provider on the way').toEqual([]);
}
