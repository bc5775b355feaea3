import { request, type APIRequestContext, type Page } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Application } from './application';
import { expect, test as base } from './fixture';
import { enterCode, expectState, requestCode, sentCode } from './journey';
import { PHONE } from './phones';
import type { Env } from './server';

export { expect } from '@playwright/test';
export { axe } from './fixture';
export { sentCode } from './journey';

/** A name as a team in Korea has it, and one that is markup unless somebody is careful. */
export const SHOP = '우리가게';
export const LIBRARY = 'Books & <b>Tea</b>';

/** With a server to which two applications are known. */
export const test = base.extend<{ house: Env; libraryName: string; shop: Application; library: Application }>({
  house: [{}, { option: true }],
  libraryName: [LIBRARY, { option: true }],
  shop: async ({}, use) => useApplication('shop', SHOP, use),
  library: async ({ libraryName }, use) => useApplication('library', libraryName, use),

  serverEnv: async ({ house, shop, library }, use) =>
    use({ OIDC_CLIENTS: JSON.stringify([shop.registration, library.registration]), RESEND_COOLDOWN_SECS: '1', ...house }),

  beonho: async ({ beonho, shop, library }, use) => {
    shop.issuer = library.issuer = beonho.origin;
    await use(beonho);
    const leaks = [...shop.secrets, ...library.secrets].filter((secret) => beonho.output.includes(secret));
    expect(leaks, 'what only an application may read').toEqual([]);
  },
});

async function useApplication(id: string, name: string, use: (application: Application) => Promise<void>): Promise<void> {
  const application = await new Application(id, name).start();
  await use(application);
  await application.close();
}

/** Opens an application and asks it to sign somebody in. */
export async function begin(page: Page, application: Application): Promise<void> {
  await page.goto(application.origin);
  await page.locator('#sign-in').click();
  await expect(page).toHaveURL(/\?request=/);
}

/** The same with more in its request than it would say by itself. */
export async function beginWith(page: Page, application: Application, extra: Record<string, string>): Promise<void> {
  await page.goto(`${application.origin}/begin?${new URLSearchParams(extra)}`);
}

/** Proves a number on the page as it is. */
export async function prove(page: Page, number: string): Promise<void> {
  await requestCode(page, number);
  await expectState(page, 'pending');
  await enterCode(page, await sentCode(page.request));
}

/** Somebody is back, and known; gives the name by which the application knows them. */
export async function expectKnown(page: Page, application: Application): Promise<string> {
  await expect(page).toHaveURL(`${application.origin}/`);
  await expect(page.locator('#who')).toHaveText(/^signed in as \S+$/);
  const text = await page.locator('#who').innerText();
  return text.replace('signed in as ', '');
}

/** The page says for whom it asks. */
export async function expectFor(page: Page, name: string): Promise<void> {
  await expect(page.locator('#for bdi')).toHaveText(name);
}

/** An account whose owner is signed in here. */
export async function isSignedIn(page: Page): Promise<void> {
  await makeAccount(page.request);
}

/** An account whose owner is signed in elsewhere; its number may be sent a code. */
export async function hasAccount(baseURL: string | undefined): Promise<void> {
  const elsewhere = await request.newContext({ baseURL });
  await makeAccount(elsewhere);
  await elsewhere.dispose();
  await sleep(1100);
}

async function makeAccount(api: APIRequestContext): Promise<void> {
  await post(api, '/v1/verification', { phone_number: PHONE.typed });
  await post(api, '/v1/verification/check', { code: await sentCode(api) });
  await post(api, '/v1/accounts', { nickname: '민지', consent: true });
}

async function post(api: APIRequestContext, path: string, data: object): Promise<void> {
  const response = await api.post(path, { data });
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true);
}

/** Counts the documents that the page itself loads from now on. */
export function countLoads(page: Page): () => number {
  let count = 0;
  page.on('domcontentloaded', () => (count += 1));
  return () => count;
}

/** Nothing lies outside the window. */
export async function expectFits(page: Page): Promise<void> {
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(over, 'what does not fit').toBeLessThanOrEqual(0);
}
