import type { Page } from '@playwright/test';
import { signOut } from '../support/journey';
import { ExpressApp } from './express_app';
import { expect, test as base } from './fixture';
import { becomeSomebody, personAt } from './journey';
import { LogoutReceiver } from './logout_receiver';

const test = base.extend<{ receiverOf: (application: ExpressApp) => LogoutReceiver }>({
  receiverOf: async ({ beonho }, use) => {
    const receivers: LogoutReceiver[] = [];
    await use(({ app, place, config }) => {
      const receiver = new LogoutReceiver(app, place, { issuer: beonho.origin, jwksUri: config.serverMetadata().jwks_uri ?? '' });
      receivers.push(receiver);
      return receiver;
    });
    expect(receivers.flatMap((one) => one.faults), 'what is wrong with the logout tokens').toEqual([]);
  },
});

test.use({
  wishes: {
    shop: { name: '우리가게', callback: '/callback', backChannel: '/back-channel' },
    curve: { name: 'Curve', callback: '/callback', backChannel: '/told', fields: { id_token_signed_response_alg: 'ES256' } },
    forum: { name: 'The Forum', callback: '/callback', afterSignOut: '/signed-out' },
  },
});

/** Signs up by the first application, and in at the others. */
async function signInAt(page: Page, [first, ...others]: ExpressApp[]): Promise<void> {
  for (const { place } of [first, ...others].filter((one) => one !== undefined)) {
    await page.goto(`${place.origin}/login`);
    if (place === first?.place) await becomeSomebody(page, place.name);
    await personAt(page, place.origin);
  }
}

test('a sign-out at one application is told to the others, each in its own token', async ({ page, express, receiverOf }) => {
  const [shop, curve, forum] = [await express('shop'), await express('curve'), await express('forum')];
  const [atShop, atCurve] = [receiverOf(shop), receiverOf(curve)];
  await signInAt(page, [shop, curve, forum]);
  await page.locator('#sign-out').click();
  await expect(page).toHaveURL(`${forum.place.origin}/signed-out?state=signed-out`);
  await expect.poll(() => [atShop.told.length, atCurve.told.length]).toEqual([1, 1]);
  expect(atShop.told[0]).toMatchObject({ sid: shop.claims.sid, sub: shop.claims.sub });
  expect(atCurve.told[0]).toMatchObject({ sid: curve.claims.sid, sub: curve.claims.sub });
  expect(atShop.told[0]?.jti).not.toBe(atCurve.told[0]?.jti);
});

test('a sign-out on the page of the provider is told, and only to where the person was', async ({ page, express, receiverOf }) => {
  const [shop, curve] = [await express('shop'), await express('curve')];
  const [atShop, atCurve] = [receiverOf(shop), receiverOf(curve)];
  await signInAt(page, [shop]);
  await page.goto('/welcome');
  await signOut(page);
  await expect.poll(() => atShop.told.length).toBe(1);
  expect(atShop.told[0]).toMatchObject({ sid: shop.claims.sid });
  expect(atCurve.told).toEqual([]);
});

test('an application that could not be told is told again, with the same news', async ({ page, express, receiverOf }) => {
  const shop = await express('shop');
  const receiver = receiverOf(shop);
  receiver.failures = 1;
  await signInAt(page, [shop]);
  await page.goto('/welcome');
  await signOut(page);
  await expect.poll(() => receiver.told.length, { timeout: 20_000 }).toBe(1);
  expect(receiver.told[0]).toMatchObject({ sid: shop.claims.sid });
  expect(receiver.failures, 'tries before').toBe(-1);
});
