import { type BrowserContext, expect } from '@playwright/test';
import { test } from './door_fixture';
import { PROXIES } from './doors';
import { expectAsked, NICKNAME, signInOnTheWay, signOutThere, signUpOnTheWay } from './person';
import { PHONE } from '../support/phones';
import { claimed } from './upstream';

/** The cookie that opens the door, as a browser sends it. */
async function cookieOf(context: BrowserContext, origin: string): Promise<string> {
  const cookies = await context.cookies(origin);
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** All ways to write the names that some application may read as the real ones. */
const FORGED = {
  'Remote-User': 'admin',
  'REMOTE-NAME': 'admin',
  'remote-phone': '+821000000000',
  Remote_User: 'admin',
  remote_name: 'admin',
  'Remote.User': 'admin',
  'Remote-Groups': 'admins',
  'Remote-Email': 'admin@example.com',
};

for (const behind of PROXIES) {
  test.describe(`behind ${behind}`, () => {
    test.use({ behind });

    test('who is not signed in signs up on the way, and arrives where they wanted to go', async ({ page, context, door, upstream, sens }) => {
      const path = '/books/9?title=%EC%B1%85&x=a%26b';
      await page.goto(door.origin + path);
      expect(upstream.reached).toEqual([]);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(door.origin + path);
      const told = claimed(upstream.last(path));
      expect(told).toEqual({
        'remote-user': [expect.stringMatching(/^[\w-]{16,}$/)],
        'remote-name': [encodeURIComponent(NICKNAME)],
        'remote-phone': [PHONE.e164],
      });
      expect(told['remote-user']?.[0]).not.toContain('1234');
      const cookies = (await context.cookies(door.origin)).filter(({ name }) => /beonho-app$/.test(name));
      const isSecure = door.origin.startsWith('https:');
      const name = isSecure ? '__Host-beonho-app' : 'beonho-app';
      const kept = { httpOnly: true, secure: isSecure, sameSite: 'Lax', path: '/', domain: new URL(door.origin).hostname };
      expect(cookies).toEqual([expect.objectContaining({ name, ...kept })]);
    });

    test('once signed in, pages come at once, and it is the same person after signing in anew', async ({ page, context, door, upstream, sens }) => {
      await page.goto(`${door.origin}/first`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/first`);
      const first = claimed(upstream.last('/first'));
      const visited: string[] = [];
      page.on('framenavigated', (frame) => visited.push(frame.url()));
      await page.goto(`${door.origin}/second`);
      expect(visited).toEqual([`${door.origin}/second`]);
      expect(claimed(upstream.last('/second'))).toEqual(first);
      await context.clearCookies();
      await page.waitForTimeout(1100);
      await page.goto(`${door.origin}/third`);
      await signInOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/third`);
      expect(claimed(upstream.last('/third'))).toEqual(first);
    });

    test('while Beonho is away nobody gets in', async ({ page, context, door, upstream, sens, beonho }) => {
      await page.goto(`${door.origin}/`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/`);
      const cookie = await cookieOf(context, door.origin);
      await beonho.stop();
      expect([500, 502]).toContain((await door.ask({ path: '/away', headers: { cookie, ...FORGED } })).status);
      expect(upstream.reached.map((one) => one.path)).not.toContain('/away');
    });

    test('who signs out of the application or at Beonho is let in no more', async ({ page, context, door, upstream, sens }) => {
      await page.goto(`${door.origin}/`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/`);
      const before = await cookieOf(context, door.origin);
      expect((await door.ask({ path: '/', headers: { cookie: before } })).status).toBe(200);
      const reached = upstream.reached.length;
      await page.goto(`${door.origin}/.beonho/sign-out`);
      const after = await cookieOf(context, door.origin);
      expect(after).not.toContain(before);
      expect((await door.ask({ path: '/kept', headers: { cookie: before, accept: 'text/html' } })).status).toBe(302);
      await page.goto(`${door.origin}/again`);
      if (page.url() !== `${door.origin}/again`) await signInOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/again`);
      expect(upstream.reached.slice(reached).map((one) => one.path)).not.toContain('/kept');

      await signOutThere(page);
      await page.goto(`${door.origin}/shut`);
      await expectAsked(page);
      expect(upstream.reached.map((one) => one.path)).not.toContain('/shut');
    });

    test('what a stranger says of themselves reaches nobody', async ({ page, context, door, upstream, sens }) => {
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE']) {
        const answer = await door.ask({ method, path: '/forged', headers: FORGED });
        expect(answer.status, `${method} is not let in`).not.toBe(200);
      }
      const elsewhere = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Uri': '//evil.example/', 'X-Forwarded-Proto': 'ftp' };
      const claims = { ...elsewhere, 'X-Forwarded-Method': 'POST', 'X-Original-URL': `${door.origin}/else` };
      const led = await door.ask({ path: '/mine', headers: { ...claims, accept: 'text/html' } });
      expect(led.status).toBe(302);
      // Traefik hands X-Original-URL on: whoever sends it misleads nobody but themselves, and not to another host.
      const to = behind === 'Traefik' ? '%2F[^/]*' : '%2Fmine';
      expect(led.headers.location).toMatch(new RegExp(`^${door.origin}/\\.beonho/begin\\?to=${to}$`));
      for (const cookie of ['__Host-beonho-app=admin', 'beonho-app=admin', '__Host-beonho-app=; beonho-app=']) {
        expect((await door.ask({ path: '/forged', headers: { ...FORGED, cookie } })).status).not.toBe(200);
      }
      expect(upstream.reached).toEqual([]);

      await page.goto(`${door.origin}/true`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/true`);
      const cookie = await cookieOf(context, door.origin);
      for (const way of [{}, { connection: 'close, Remote-User, Remote-Name' }]) {
        await door.ask({ path: '/forged', headers: { ...FORGED, ...way, cookie } });
        const [told, truth] = [claimed(upstream.last('/forged')), claimed(upstream.last('/true'))];
        // A proxy may drop a header that a browser calls one of the connection: then nobody is there, rather than somebody else.
        expect({ ...truth, ...told }).toEqual(truth);
        if (!('connection' in way)) expect(told).toEqual(truth);
      }
    });

    test('the way back leads to this application only', async ({ page, door, sens, complaints }) => {
      complaints.allowStatus(400, 403, 404);
      await page.goto(`${door.origin}/`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/`);
      const hostile = ['//evil.example/', 'https://evil.example/', '/\\evil.example/', '/\t/evil.example/', 'javascript:alert(1)'];
      for (const to of [...hostile, '', '/.beonho/begin']) {
        await page.goto(`${door.origin}/.beonho/begin?to=${encodeURIComponent(to)}`);
        expect(new URL(page.url()).origin, JSON.stringify(to)).toBe(door.origin);
      }
      const planted = await door.ask({ path: '/.beonho/callback?code=stolen&state=planted', headers: { accept: 'text/html' } });
      expect(planted.status).toBeGreaterThanOrEqual(400);
      expect(planted.status).toBeLessThan(500);
      expect(String(planted.headers['set-cookie'] ?? '')).not.toMatch(/beonho-app=[\w-]{8,}/);
    });
  });
}

for (const behind of PROXIES) {
  test.describe(`behind ${behind}, of a client whose scope is without a phone`, () => {
    test.use({ behind, client: { scope: 'openid profile' } });

    test('no number is told, and none is believed', async ({ page, context, door, upstream, sens }) => {
      await page.goto(`${door.origin}/`);
      await signUpOnTheWay(page, sens);
      await expect(page).toHaveURL(`${door.origin}/`);
      await door.ask({ path: '/forged', headers: { ...FORGED, cookie: await cookieOf(context, door.origin) } });
      for (const path of ['/', '/forged']) expect(Object.keys(claimed(upstream.last(path))).sort()).toEqual(['remote-name', 'remote-user']);
      expect(JSON.stringify(upstream.reached)).not.toContain(PHONE.e164.slice(-8));
    });
  });
}
