import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import * as client from 'openid-client';
import { inbox } from '../support/journey';
import { PHONE } from '../support/phones';
import { ExpressApp } from './express_app';
import { expect, test } from './fixture';
import { becomeSomebody, personAt, proveNumber, straightThrough } from './journey';

test.use({
  wishes: {
    shop: { name: '우리가게', callback: '/callback', afterSignOut: '/signed-out', fields: { refresh: true } },
    forum: { name: 'The Forum', callback: '/signed-in', fields: { subject_type: 'pairwise' } },
  },
});

const SCOPE = 'openid profile phone offline_access';

interface Apps {
  shop: ExpressApp;
  forum: ExpressApp;
}

const apps = test.extend<Apps>({
  shop: async ({ express }, use) => use(await express('shop', SCOPE)),
  forum: async ({ express }, use) => use(await express('forum')),
});

/** Goes to the application and comes back as somebody new. */
async function join(page: Page, { place }: ExpressApp): Promise<Record<string, unknown>> {
  await page.goto(place.origin);
  await page.locator('#sign-in').click();
  await becomeSomebody(page, place.name);
  return personAt(page, place.origin);
}

for (const javaScriptEnabled of [true, false]) {
  apps.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    apps.use({ javaScriptEnabled });

    apps('somebody new is back at the application, signed in, and a second one knows them at once', async ({ page, beonho, shop, forum }) => {
      const start = Math.floor(Date.now() / 1000);
      const person = await join(page, shop);
      const { access_token } = shop.tokens;

      expect(shop.arrivals.map((one) => [...one.searchParams.keys()].sort())).toEqual([['code', 'iss', 'state']]);
      expect(shop.arrivals[0]?.searchParams.get('iss')).toBe(beonho.origin);
      const { claims } = shop;
      expect(claims).toMatchObject({ iss: beonho.origin, aud: 'shop', sub: person.sub, amr: ['otp', 'sms'], acr: 'urn:beonho:acr:number' });
      expect(claims.exp - claims.iat).toBe(600);
      expect(claims.auth_time).toBeGreaterThanOrEqual(start);
      expect(claims.sid).toMatch(/\S/);
      expect(claims.at_hash).toBe(createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url'));
      // What an application reads of a person it asks for; the id token goes through more hands.
      expect(Object.keys(claims)).not.toContain('phone_number');
      expect(Object.keys(claims)).not.toContain('name');
      expect(person).toMatchObject({ name: '민지', nickname: '민지', preferred_username: person.sub });
      expect(person).toMatchObject({ phone_number: PHONE.e164, phone_number_verified: true });
      expect(person.updated_at).toEqual(expect.any(Number));

      await straightThrough(page, beonho.origin, async () => {
        await page.goto(forum.place.origin);
        await page.locator('#sign-in').click();
        const known = await personAt(page, forum.place.origin);
        expect(known).toMatchObject({ name: '민지', phone_number: PHONE.e164 });
        expect(known.sub, 'a pairwise subject').not.toBe(person.sub);
      });
      expect(await inbox(page)).toHaveLength(1);
    });
  });
}

apps('a refresh token is exchanged for new tokens, and an old one again gives the same', async ({ page, shop, tokens }) => {
  const { sub } = await join(page, shop);
  const { refresh_token = '' } = shop.tokens;
  const next = await client.refreshTokenGrant(shop.config, refresh_token);
  tokens.push(next.access_token, next.refresh_token ?? '');
  expect(next.refresh_token).not.toBe(refresh_token);
  expect(next.claims()).toMatchObject({ sub, auth_time: shop.claims.auth_time, sid: shop.claims.sid });
  expect(Object.keys(next.claims() ?? {})).not.toContain('nonce');
  expect(await client.fetchUserInfo(shop.config, next.access_token, String(sub))).toMatchObject({ name: '민지' });
  const again = await client.refreshTokenGrant(shop.config, refresh_token);
  expect(again.refresh_token).toBe(next.refresh_token);
});

apps('a token is what introspection says, until it is revoked', async ({ page, beonho, shop, forum }) => {
  const { sub } = await join(page, shop);
  const { access_token, refresh_token = '' } = shop.tokens;
  const told = await client.tokenIntrospection(shop.config, access_token);
  expect(told).toMatchObject({ active: true, client_id: 'shop', sub, iss: beonho.origin });
  expect(told.scope?.split(' ')).toEqual(expect.arrayContaining(['openid', 'profile', 'phone']));
  await client.tokenRevocation(forum.config, refresh_token).catch(() => undefined);
  expect(await client.tokenIntrospection(shop.config, refresh_token), 'after another client tried').toMatchObject({ active: true });
  await client.tokenRevocation(shop.config, refresh_token);
  expect(await client.tokenIntrospection(shop.config, refresh_token)).toEqual({ active: false });
  await expect(client.refreshTokenGrant(shop.config, refresh_token)).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  await client.tokenRevocation(shop.config, access_token);
  const refused = client.fetchUserInfo(shop.config, access_token, String(sub));
  await expect(refused).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }] });
});

for (const [question, query] of [['prompt=login', '?prompt=login'], ['a max_age that is over', '?max_age=1']] as const) {
  apps(`${question} asks a person who is signed in for another code`, async ({ page, shop }) => {
    const { sub } = await join(page, shop);
    const before = shop.claims.auth_time ?? 0;
    await page.waitForTimeout(2100);
    await page.goto(`${shop.place.origin}/login${query}`);
    await proveNumber(page, shop.place.name);
    expect(await personAt(page, shop.place.origin)).toMatchObject({ sub, name: '민지' });
    expect(shop.arrivals).toHaveLength(2);
    expect(shop.claims.auth_time).toBeGreaterThan(before);
  });
}

apps('prompt=none answers at once: login_required for nobody, a code for somebody', async ({ page, beonho, shop }) => {
  await straightThrough(page, beonho.origin, async () => {
    await page.goto(`${shop.place.origin}/login?prompt=none`);
    await expect(page.locator('#fault')).toContainText('error=login_required');
  });
  expect(shop.arrivals[0]?.searchParams.get('iss')).toBe(beonho.origin);
  await join(page, shop);
  await straightThrough(page, beonho.origin, async () => {
    await page.goto(`${shop.place.origin}/login?prompt=none&max_age=1000`);
    await personAt(page, shop.place.origin);
  });
});

apps('signing out at the application signs out at the provider, and comes back', async ({ page, shop, forum }) => {
  await join(page, shop);
  await page.locator('#sign-out').click();
  await expect(page).toHaveURL(`${shop.place.origin}/signed-out?state=signed-out`);
  await page.goto(`${forum.place.origin}/login`);
  await expect(page).toHaveURL(/\/sign-in\?request=/);
  await expect(page.locator('main')).toContainText('The Forum');
});
