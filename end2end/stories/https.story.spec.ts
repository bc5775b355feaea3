import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectState, requestCode, signOut, signUp } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ https: true, provider: 'sens' });

test('behind a proxy that ends TLS the journey works, with a cookie that only this host gets over https', async ({ page, context, sens, tls }) => {
  await arrive(page);
  expect(page.url()).toBe(`${tls?.origin}/`);
  const session = async () => (await context.cookies()).find((cookie) => cookie.name === '__Host-beonho_session');
  const first = await session();
  expect(first).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
  const verified = await session();
  expect(verified?.value, 'a planted cookie gains nothing').not.toBe(first?.value);
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
  expect((await session())?.value).not.toBe(verified?.value);
  await signOut(page);
  await expectState(page, 'none');
});

test('pages say how they want to be treated', async ({ page }) => {
  const response = await page.goto('/');
  const headers = response?.headers() ?? {};
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'strict-transport-security': expect.stringContaining('max-age='),
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("script-src 'nonce-"),
  });
});
