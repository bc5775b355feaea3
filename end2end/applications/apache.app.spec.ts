import { createHash, randomBytes } from 'node:crypto';
import { expect, test as base } from '../support/fixture';
import { freePort } from '../support/port';
import { PHONE } from '../support/phones';
import { startApache } from './apache';
import type { Housed } from './housed';
import { expectAsked, NICKNAME, signInOnTheWay, signOutThere, signUpOnTheWay } from './person';
import { ask } from './raw';
import { Upstream, type Reached } from './upstream';

interface Fixtures {
  port: number;
  secret: string;
  upstream: Upstream;
  apache: Housed;
  shop: string;
}

/** mod_auth_openidc, a certified relying party that judges each answer by itself; claims reach the application as headers. */
const test = base.extend<Fixtures>({
  port: async ({}, use) => use(await freePort()),
  secret: async ({}, use) => use(randomBytes(32).toString('hex')),
  shop: async ({ port }, use) => use(`http://127.0.0.1:${port}`),

  serverEnv: async ({ shop, secret }, use) => {
    const client = {
      client_id: 'shop',
      client_name: 'Our shop',
      client_secret_sha256: [createHash('sha256').update(secret).digest('hex')],
      redirect_uris: [`${shop}/beonho`],
      post_logout_redirect_uris: [`${shop}/goodbye`],
      backchannel_logout_uri: `${shop}/beonho?logout=backchannel`,
    };
    await use({ RESEND_COOLDOWN_SECS: '1', OIDC_CLIENTS: JSON.stringify([client]) });
  },

  upstream: async ({}, use) => {
    const upstream = await Upstream.start();
    await use(upstream);
    await upstream.close();
  },

  apache: async ({ port, secret, upstream, beonho }, use, info) => {
    const apache = await startApache({ port, secret, issuer: beonho.origin, upstream: upstream.port });
    await use(apache);
    await apache.close();
    if (info.status !== info.expectedStatus) await info.attach('what Apache printed', { body: apache.output, contentType: 'text/plain' });
    expect(beonho.output, 'a secret in what the server printed').not.toContain(secret);
  },
});

function subOf({ headers }: Reached): string {
  const [sub = '', ...more] = headers.oidc_claim_sub ?? [];
  expect(more).toEqual([]);
  expect(sub).toMatch(/^[\w-]{16,}$/);
  return sub;
}

test.beforeEach(async ({ apache }) => void apache);

test('a person signs up on the way to a page behind Apache', async ({ page, shop, upstream }) => {
  await page.goto(`${shop}/books?id=9&x=a%20b`);
  await signUpOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/books?id=9&x=a%20b`);
  const { headers } = upstream.last('/books?id=9&x=a%20b');
  const sub = subOf(upstream.last('/books?id=9&x=a%20b'));
  expect(headers).toMatchObject({
    oidc_claim_preferred_username: [sub],
    oidc_claim_phone_number: [PHONE.e164],
    oidc_claim_phone_number_verified: ['1'],
    oidc_claim_aud: ['shop'],
    oidc_claim_acr: ['urn:beonho:acr:number'],
    oidc_claim_amr: ['otp,sms'],
    oidc_claim_sid: [expect.stringMatching(/.{16,}/)],
  });
  expect(Buffer.from(headers.oidc_claim_name?.[0] ?? '', 'latin1').toString('utf8')).toBe(NICKNAME);
  const age = Date.now() / 1000 - Number(headers.oidc_claim_auth_time?.[0]);
  expect(age).toBeGreaterThanOrEqual(-1);
  expect(age).toBeLessThan(60);
});

test('who has signed in at Beonho goes straight through', async ({ page, context, shop, upstream }) => {
  await page.goto(`${shop}/first`);
  await signUpOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/first`);
  await context.clearCookies({ domain: '127.0.0.1' });
  await page.goto(`${shop}/second`);
  await expect(page).toHaveURL(`${shop}/second`);
  expect(subOf(upstream.last('/second'))).toEqual(subOf(upstream.last('/first')));
});

test('signing out of the application signs out at Beonho too, and leads back', async ({ page, shop, upstream }) => {
  await page.goto(`${shop}/first`);
  await signUpOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/first`);
  await page.goto(`${shop}/beonho?logout=${encodeURIComponent(`${shop}/goodbye`)}`);
  await expect(page).toHaveURL(new RegExp(`^${shop}/goodbye(\\?|$)`));
  await page.waitForTimeout(1100);
  await page.goto(`${shop}/second`);
  await expectAsked(page);
  await signInOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/second`);
  expect(subOf(upstream.last('/second'))).toEqual(subOf(upstream.last('/first')));
});

test('signing out at Beonho ends the session of the application, and of that browser only', async ({ page, browser, baseURL, shop, upstream }) => {
  await page.goto(`${shop}/first`);
  await signUpOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/first`);
  await page.waitForTimeout(1100);
  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await other.goto(`${shop}/elsewhere`);
  await signInOnTheWay(other);
  await expect(other).toHaveURL(`${shop}/elsewhere`);

  const cookie = (await page.context().cookies(shop)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const letsIn = async () => (await ask({ origin: shop, path: '/kept', headers: { cookie, accept: 'text/html' } })).status;
  expect(await letsIn()).toBe(200);
  await signOutThere(page);
  await expect.poll(letsIn, { timeout: 15_000, message: 'Apache is told' }).toBe(302);
  await page.goto(`${shop}/second`);
  await expectAsked(page);
  await other.goto(`${shop}/still`);
  await expect(other).toHaveURL(`${shop}/still`);
  expect(subOf(upstream.last('/still'))).toEqual(subOf(upstream.last('/first')));
  await elsewhere.close();
});

test('what a browser says of itself does not reach the application', async ({ page, shop, upstream }) => {
  await page.goto(`${shop}/true`);
  await signUpOnTheWay(page);
  await expect(page).toHaveURL(`${shop}/true`);
  const cookie = (await page.context().cookies(shop)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const spellings = ['OIDC_CLAIM_sub', 'OIDC-CLAIM-sub', 'oidc_claim_SUB', 'Oidc-Claim_sub', 'OIDC.CLAIM.sub'];
  const forged = Object.fromEntries(spellings.map((name) => [name, 'admin']));
  for (const headers of [forged, { ...forged, cookie }]) await ask({ origin: shop, path: '/forged', headers });
  const [seen, ...more] = upstream.reached.filter((one) => one.path === '/forged');
  expect(more).toEqual([]);
  expect(JSON.stringify(seen)).not.toContain('admin');
  expect(subOf(seen!)).toBe(subOf(upstream.last('/true')));
});
