import { begin, expect, expectFor, expectKnown, hasAccount, LIBRARY, prove, sentCode, SHOP, test } from '../support/applications';
import { enterCode, expectState, hydrated, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

test('two tabs that sign in for two applications: each ends at its own', async ({ page, context, shop, library, baseURL }) => {
  await hasAccount(baseURL);
  const tab = await context.newPage();
  await begin(page, shop);
  await begin(tab, library);
  await expectFor(tab, LIBRARY);
  await hydrated(page);
  await hydrated(tab);
  await requestCode(page, PHONE.typed);
  await expectState(tab, 'pending');
  await expectFor(tab, LIBRARY);
  await expectFor(page, SHOP);
  await enterCode(tab, await sentCode(page.request));
  const name = await expectKnown(tab, library);
  expect(await expectKnown(page, shop), 'the same person').toBe(name);
});

test('two tabs of one application both end there', async ({ page, context, shop }) => {
  const tab = await context.newPage();
  await begin(page, shop);
  await begin(tab, shop);
  await hydrated(tab);
  expect(tab.url()).not.toBe(page.url());
  await prove(page, PHONE.typed);
  await expectState(tab, 'verified');
  await signUp(page, '민지');
  expect(await expectKnown(page, shop)).toBe(await expectKnown(tab, shop));
});

test('a tab that waits without an application is led to the welcome, not to a stranger', async ({ page, context, shop, baseURL }) => {
  await hasAccount(baseURL);
  const tab = await context.newPage();
  await tab.goto('/sign-in');
  await hydrated(tab);
  await begin(page, shop);
  await prove(page, PHONE.typed);
  await expectKnown(page, shop);
  await expect(tab).toHaveURL('/welcome');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('two tabs that sign in for two applications: each ends at its own', async ({ page, context, shop, library, baseURL }) => {
    await hasAccount(baseURL);
    const tab = await context.newPage();
    await begin(page, shop);
    await begin(tab, library);
    await prove(page, PHONE.typed);
    const name = await expectKnown(page, shop);
    await expectFor(tab, LIBRARY);
    await tab.reload();
    expect(await expectKnown(tab, library)).toBe(name);
  });
});
