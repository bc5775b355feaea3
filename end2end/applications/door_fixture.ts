import { test as base } from '../support/fixture';
import { freePort } from '../support/port';
import { ask, type Answer, type Ask } from './raw';
import { originOf, startDoor, type Proxy } from './doors';
import { Upstream } from './upstream';

interface Options {
  behind: Proxy;
  /** What the client of the door has beside its id and origin. */
  client: { scope: string };
}

interface Fixtures {
  port: number;
  upstream: Upstream;
  door: { origin: string; ask(one: Omit<Ask, 'origin'>): Promise<Answer> };
}

/** A proxy that asks Beonho, and an application behind it that knows nothing of sign-in. The inbox is closed to what comes through a proxy. */
export const test = base.extend<Options & Fixtures>({
  behind: ['nginx', { option: true }],
  client: [{ scope: 'openid profile phone' }, { option: true }],
  provider: 'sens',
  https: async ({ behind }, use) => use(behind !== 'Traefik'),

  port: async ({}, use) => use(await freePort()),

  serverEnv: async ({ behind, port, client }, use) => {
    const door = { client_id: 'app', client_name: 'Our app', forward_auth_origin: originOf(behind, port), ...client };
    await use({ TRUSTED_PROXIES: '1', RESEND_COOLDOWN_SECS: '1', OIDC_CLIENTS: JSON.stringify([door]) });
  },

  upstream: async ({}, use) => {
    const upstream = await Upstream.start();
    await use(upstream);
    await upstream.close();
  },

  // Its own proxy, if there is one, stands before its own pages.
  door: async ({ behind, port, client, upstream, beonho, tls }, use, info) => {
    void tls;
    const hasPhone = client.scope.includes('phone');
    const door = await startDoor(behind, { port, beonho: beonho.port, upstream: upstream.port, hasPhone });
    const origin = originOf(behind, port);
    await use({ origin, ask: (one) => ask({ origin, ...one }) });
    await door.close();
    if (info.status !== info.expectedStatus) await info.attach('what the proxy printed', { body: door.output, contentType: 'text/plain' });
  },
});
