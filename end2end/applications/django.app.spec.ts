import { createHash, randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test as base } from '../support/fixture';
import { freePort } from '../support/port';
import { PHONE } from '../support/phones';
import { startDjango, type Recipe } from './django';
import type { Housed } from './housed';
import { expectAsked, NICKNAME, signInOnTheWay, signOutThere, signUpOnTheWay } from './person';
import { ask } from './raw';

interface Fixtures {
  recipe: Recipe;
  port: number;
  secret: string;
  shop: string;
  /** What the client of the application has beside its id and secret. */
  client: Record<string, unknown>;
  /** Whether the application is to fail by itself. */
  fails: boolean;
  django: Housed;
}

const test = base.extend<Fixtures>({
  recipe: ['authlib', { option: true }],
  client: [{}, { option: true }],
  fails: [false, { option: true }],
  port: async ({}, use) => use(await freePort()),
  secret: async ({}, use) => use(randomBytes(32).toString('hex')),
  shop: async ({ port }, use) => use(`http://127.0.0.1:${port}`),

  serverEnv: async ({ recipe, shop, secret, client }, use) => {
    const shopClient = {
      client_id: 'shop',
      client_name: 'Our shop',
      client_secret_sha256: [createHash('sha256').update(secret).digest('hex')],
      redirect_uris: [`${shop}${recipe === 'authlib' ? '/callback' : '/oidc/callback/'}`],
      post_logout_redirect_uris: [`${shop}/`],
      ...(recipe === 'authlib' && { backchannel_logout_uri: `${shop}/back-channel` }),
      ...client,
    };
    await use({ RESEND_COOLDOWN_SECS: '1', OIDC_CLIENTS: JSON.stringify([shopClient]) });
  },

  django: async ({ recipe, port, secret, beonho, fails }, use, info) => {
    const django = await startDjango(recipe, { port, secret, issuer: beonho.origin });
    await use(django);
    await django.close();
    if (info.status !== info.expectedStatus) await info.attach('what Django printed', { body: django.output, contentType: 'text/plain' });
    expect(django.output.includes('Traceback'), `the application failed:\n${django.output}`).toBe(fails);
    expect(beonho.output, 'a secret in what the server printed').not.toContain(secret);
  },
});

test.beforeEach(async ({ django }) => void django);

async function shownAt(page: Page, url: string): Promise<Record<string, unknown>> {
  await expect(page).toHaveURL(url);
  return JSON.parse(await page.locator('pre').innerText()) as Record<string, unknown>;
}

for (const recipe of ['authlib', 'mozilla'] as const) {
  test.describe(`with ${recipe}`, () => {
    test.use({ recipe });

    test('a person signs up on the way, and is the same one after signing out and in again', async ({ page, shop }) => {
      await page.goto(`${shop}/`);
      await signUpOnTheWay(page);
      const first = await shownAt(page, `${shop}/`);
      expect(first).toMatchObject({ sub: expect.stringMatching(/^[\w-]{16,}$/), name: NICKNAME });
      await page.getByText('sign out').click();
      await expectAsked(page);
      expect(new URL(page.url()).origin).not.toBe(shop);
      await page.waitForTimeout(1100);
      await page.goto(`${shop}/`);
      await signInOnTheWay(page);
      expect(await shownAt(page, `${shop}/`)).toEqual(first);
    });

    test('who has signed in at Beonho goes straight through', async ({ page, context, shop }) => {
      await page.goto(`${shop}/`);
      await signUpOnTheWay(page);
      const first = await shownAt(page, `${shop}/`);
      await context.clearCookies({ domain: '127.0.0.1' });
      await page.goto(`${shop}/`);
      expect(await shownAt(page, `${shop}/`)).toEqual(first);
    });
  });
}

test('the number and its claims reach the application in the form that the standard says', async ({ page, shop, beonho }) => {
  await page.goto(`${shop}/`);
  await signUpOnTheWay(page);
  const person = await shownAt(page, `${shop}/`);
  expect(person).toMatchObject({
    sub: person.preferred_username,
    name: NICKNAME,
    nickname: NICKNAME,
    phone_number: PHONE.e164,
    phone_number_verified: true,
    updated_at: expect.any(Number),
  });
  expect(person).not.toHaveProperty('email');
  expect(beonho.output).not.toContain(String(person.phone_number));
});

test('Authlib is told of a sign-out at Beonho, in a token that joserfc believes', async ({ page, shop }) => {
  await page.goto(`${shop}/`);
  await signUpOnTheWay(page);
  await shownAt(page, `${shop}/`);
  const cookie = (await page.context().cookies(shop)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const letsIn = async () => (await ask({ origin: shop, path: '/inner', headers: { cookie } })).status;
  expect(await letsIn()).toBe(200);
  await signOutThere(page);
  await expect.poll(letsIn, { timeout: 15_000, message: 'Django is told' }).toBe(302);
});

test.describe('a client whose id tokens are signed by ES256', () => {
  test.use({ client: { id_token_signed_response_alg: 'ES256', subject_type: 'pairwise' } });

  test('is understood by Authlib', async ({ page, shop }) => {
    await page.goto(`${shop}/`);
    await signUpOnTheWay(page);
    expect(await shownAt(page, `${shop}/`)).toMatchObject({ sub: expect.stringMatching(/^[\w-]{16,}$/), name: NICKNAME });
  });
});

test.describe('an application that is refused', () => {
  test.use({ recipe: 'mozilla', fails: true, client: { client_secret_sha256: ['0'.repeat(64)] } });

  test('does not sign anybody in', async ({ page, shop, complaints, django }) => {
    complaints.allowStatus(404, 500);
    await page.goto(`${shop}/`);
    await signUpOnTheWay(page);
    await expect(page).toHaveURL(new RegExp(`^${shop}/oidc/callback/`));
    expect(django.output).toContain('invalid_client');
  });
});
