import { expect, type Page } from '@playwright/test';
import type { Sens } from '../emulators/sens';
import { enterCode, expectState, hydrated, latestCode, requestCode, signOut, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

/** In Korean, so that what carries it has to be right about encodings. */
export const NICKNAME = '민지';

/** What the step of the code takes it from: the emulator, or the page that shows it. */
type Phone = Sens | undefined;

/** Proves the number at the page that an application led to, and makes the account. */
export async function signUpOnTheWay(page: Page, phone?: Phone): Promise<void> {
  await prove(page, phone);
  await expectState(page, 'verified');
  await signUp(page, NICKNAME);
}

/** Proves the number of an account at the page that an application led to. */
export async function signInOnTheWay(page: Page, phone?: Phone): Promise<void> {
  await prove(page, phone);
}

/** Signs out at Beonho's own page. */
export async function signOutThere(page: Page): Promise<void> {
  await page.goto('/welcome');
  await signOut(page);
  await expect(page).not.toHaveURL(/welcome/);
}

/** The page that asks for a number, for a request that waits. */
export async function expectAsked(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in\?request=[\w-]+$/);
}

async function prove(page: Page, phone: Phone): Promise<void> {
  await expectAsked(page);
  await hydrated(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, phone ? phone.lastCode(PHONE.digits) : await latestCode(page));
}
