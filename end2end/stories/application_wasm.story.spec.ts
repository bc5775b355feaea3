import type { BrowserContext } from '@playwright/test';
import { begin, expect, expectFor, expectKnown, hasAccount, prove, sentCode, SHOP, test } from '../support/applications';
import { enterCode, expectState, hydrated, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

/** Holds the wasm of every page back until it is let go. */
async function holdWasm(context: BrowserContext): Promise<() => void> {
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await context.route('**/*.wasm', async (route) => {
    await arrived;
    await route.continue().catch(() => {});
  });
  return arrive;
}

test('a sign-in for an application is over before a slow wasm arrives', async ({ page, context, shop, baseURL }) => {
  await hasAccount(baseURL);
  const arrive = await holdWasm(context);
  await begin(page, shop);
  await prove(page, PHONE.typed);
  await expectKnown(page, shop);
  arrive();
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a wasm that arrives in the middle of a step goes on with the request', async ({ page, context, shop, baseURL }) => {
  await hasAccount(baseURL);
  const arrive = await holdWasm(context);
  await begin(page, shop);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await sentCode(page.request);
  await page.locator('#code').pressSequentially(code.slice(0, 3));
  arrive();
  await hydrated(page);
  await expectFor(page, SHOP);
  await page.locator('#code').pressSequentially(code.slice(3));
  await expectKnown(page, shop);
  await context.unrouteAll({ behavior: 'ignoreErrors' });
});

test('where the wasm never arrives, somebody signs up and is led back', async ({ page, context, shop, complaints }) => {
  await context.route('**/*.wasm', (route) => route.abort());
  complaints.allow(/^Failed to load resource: net::ERR_FAILED \(.*\.wasm\)$/);
  await begin(page, shop);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await sentCode(page.request));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expectKnown(page, shop);
  await page.goto('/');
  await expect(page).toHaveURL('/welcome');
});
