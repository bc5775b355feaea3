import type { Page } from '@playwright/test';
import { PHONE } from '../support/phones';
import { expect, test as base } from './fixture';
import { becomeSomebody, personAt, straightThrough } from './journey';
import { CALLBACK, NextAuthApp } from './next_auth_app';
import type { Place } from './place';

const test = base.extend<{ nextAuth: (id: string, idTokenOnly?: boolean) => Promise<Place> }>({
  nextAuth: async ({ beonho, placeOf, serve, faults }, use) => {
    const running: NextAuthApp[] = [];
    await use(async (id, idTokenOnly = false) => {
      const application = new NextAuthApp(placeOf(id), beonho.origin, faults, idTokenOnly);
      running.push(application);
      await serve(placeOf(id), application.app);
      return placeOf(id);
    });
    for (const one of running) one.close();
  },
});

test.use({
  wishes: {
    blog: { name: '블로그', callback: CALLBACK },
    tokens: { name: 'By id token', callback: CALLBACK, fields: { claims_in_id_token: true } },
    curve: { name: 'Curve', callback: CALLBACK, fields: { id_token_signed_response_alg: 'ES256' } },
    shop: { name: 'The Shop', callback: '/callback' },
  },
});

/** From the application's page by next-auth's own button. */
async function signIn(page: Page, { origin }: Place): Promise<void> {
  await page.goto(origin);
  await page.locator('#sign-in').click();
  await page.getByRole('button', { name: 'Sign in with Beonho' }).click();
}

for (const id of ['blog', 'tokens']) {
  test(`somebody new is back at next-auth, known by ${id === 'blog' ? 'userinfo' : 'the id token alone'}`, async ({ page, nextAuth, faults }) => {
    const place = await nextAuth(id, id === 'tokens');
    await signIn(page, place);
    await becomeSomebody(page, place.name);
    const person = await personAt(page, place.origin);
    expect(faults).toEqual([]);
    expect(person).toEqual({ sub: expect.stringMatching(/\S/), name: '민지', phone_number: PHONE.e164 });
  });
}

test('somebody whom another application brought goes straight through to next-auth', async ({ page, beonho, express, nextAuth }) => {
  const shop = await express('shop');
  await page.goto(`${shop.place.origin}/login`);
  await becomeSomebody(page, shop.place.name);
  const { sub } = await personAt(page, shop.place.origin);
  const place = await nextAuth('blog');
  await straightThrough(page, beonho.origin, async () => {
    await signIn(page, place);
    expect(await personAt(page, place.origin)).toEqual({ sub, name: '민지', phone_number: PHONE.e164 });
  });
});

// Why RS256 is the default: a client that is registered for ES256 is lost to it.
test('next-auth reads RS256 alone', async ({ page, nextAuth, faults }) => {
  const place = await nextAuth('curve');
  await signIn(page, place);
  await becomeSomebody(page, place.name);
  await expect(page).toHaveURL(/error=OAuthCallback/);
  expect(faults.join()).toContain('unexpected JWT alg received, expected RS256, got: ES256');
});
