import { expect } from '@playwright/test';
import { test as base } from '../support/fixture';
import { ask, type Answer } from './raw';

const APP = 'https://app.example.com';
const OTHER = 'https://other.example.com';
const CLIENTS = [
  { client_id: 'app', forward_auth_origin: APP },
  { client_id: 'other', forward_auth_origin: OTHER },
  { client_id: 'plain', client_secret_sha256: ['0'.repeat(64)], redirect_uris: ['https://plain.example.com/callback'] },
];

/** What a proxy says of the request that a person made. */
const ASKED = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'app.example.com',
  'x-forwarded-uri': '/books?x=1&y=a%20b',
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
};
const BEGIN = `${APP}/.beonho/begin?to=${encodeURIComponent('/books?x=1&y=a%20b')}`;

type Judge = (changes?: Record<string, string | undefined>, query?: string) => Promise<Answer>;

/** Requests as proxies make them, by hand; nobody is signed in. */
const test = base.extend<{ trusted: string; judge: Judge }>({
  trusted: ['1', { option: true }],
  provider: 'sens',
  serverEnv: async ({ trusted }, use) => use({ TRUSTED_PROXIES: trusted, OIDC_CLIENTS: JSON.stringify(CLIENTS) }),
  judge: async ({ beonho }, use) => {
    await use((changes = {}, query = 'client=app') => {
      const headers = Object.fromEntries(Object.entries({ ...ASKED, ...changes }).filter(([, value]) => value !== undefined));
      return ask({ origin: beonho.address, path: `/forward-auth?${query}`, headers });
    });
  },
});

test('who is not signed in is told where to begin, in the way that the proxy can pass on', async ({ judge }) => {
  const nginx = await judge();
  expect([nginx.status, nginx.headers.location]).toEqual([401, BEGIN]);
  expect(nginx.headers['cache-control']).toContain('no-store');
  const shown = 'client=app&unauthenticated=302';
  const traefik = await judge({}, shown);
  expect([traefik.status, traefik.headers.location]).toEqual([302, BEGIN]);
  const methods = ['POST', 'DELETE', 'PROPFIND'].map((method) => ({ 'x-forwarded-method': method }));
  for (const change of [...methods, { accept: 'application/json' }, { accept: undefined }]) {
    const answer = await judge(change, shown);
    expect(answer.status, `${JSON.stringify(change)} is not a page that is opened`).toBe(401);
  }
  const nothing = { 'x-forwarded-proto': undefined, 'x-forwarded-host': undefined, 'x-forwarded-uri': undefined };
  expect((await judge({ ...nothing, 'x-original-url': `${APP}/books?x=1&y=a%20b` })).headers.location).toBe(BEGIN);
});

test('nobody is named who is not there', async ({ judge }) => {
  const values = ['', 'x', 'a'.repeat(43), 'a'.repeat(7000), '%00', '"x"'];
  for (const cookie of values.flatMap((value) => [`__Host-beonho-app=${value}`, `beonho-app=${value}`])) {
    const answer = await judge({ cookie, 'remote-user': 'admin' });
    expect([answer.status, answer.headers['remote-user']], cookie.slice(0, 40)).toEqual([401, undefined]);
  }
});

const WRONG: Record<string, [Record<string, string | undefined>, string?]> = {
  'another host': [{ 'x-forwarded-host': 'evil.example' }],
  'a host of another client': [{ 'x-forwarded-host': 'other.example.com' }],
  'the host with a port': [{ 'x-forwarded-host': 'app.example.com:8443' }],
  'the host with a dot': [{ 'x-forwarded-host': 'app.example.com.' }],
  'two hosts': [{ 'x-forwarded-host': 'app.example.com, evil.example' }],
  'a host that hides another': [{ 'x-forwarded-host': 'app.example.com@evil.example' }],
  'http': [{ 'x-forwarded-proto': 'http' }],
  'no host': [{ 'x-forwarded-host': undefined }],
  'no scheme': [{ 'x-forwarded-proto': undefined }],
  'no client': [{}, ''],
  'an unknown client': [{}, 'client=nobody'],
  'a client that has no door': [{}, 'client=plain'],
  'another client': [{}, 'client=other'],
  'two clients': [{}, 'client=app&client=other'],
};

test('what is not of the application is refused, and led nowhere', async ({ judge }) => {
  for (const [what, [changes, query]] of Object.entries(WRONG)) {
    const { status, headers } = await judge(changes, query);
    expect.soft(status, what).toBeGreaterThanOrEqual(400);
    expect.soft(status, what).toBeLessThan(500);
    expect.soft([headers.location, headers['remote-user']], what).toEqual([undefined, undefined]);
  }
});

const HOSTILE = ['//evil.example/', '/\\evil.example/', 'https://evil.example/', 'evil.example', '/%0d%0aSet-Cookie:x=1', `/${'a'.repeat(6000)}`, ''];

test('the way back stays within the application, whatever the path', async ({ judge }) => {
  for (const uri of HOSTILE) {
    const { status, headers } = await judge({ 'x-forwarded-uri': uri });
    const what = uri.slice(0, 40);
    expect.soft([400, 401, 414, 431], what).toContain(status);
    if (status === 401) expect.soft(headers.location, what).toMatch(/^https:\/\/app\.example\.com\/\.beonho\/begin(\?to=[\w.%~*'()!-]*)?$/);
    expect.soft(headers['set-cookie'], what).toBeUndefined();
  }
});

test.describe('without TRUSTED_PROXIES', () => {
  test.use({ trusted: '0' });

  test('no forwarding header is believed', async ({ judge }) => {
    const answer = await judge();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.location).toBeUndefined();
  });
});
