import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, test as base } from '../support/fixture';
import { ExpressApp } from './express_app';
import { findPlace, type Place, type Wish } from './place';

export { expect } from '@playwright/test';

interface Options {
  /** The applications that the provider knows, by client id. */
  wishes: Record<string, Wish>;
}

interface Fixtures {
  placeOf: (id: string) => Place;
  /** Lets an application run at its place until the test is over. */
  serve: (place: Place, application: RequestListener) => Promise<void>;
  /** An application with `openid-client`, running at the place of this id. */
  express: (id: string, scope?: string) => Promise<ExpressApp>;
  /** What the libraries said of sign-ins that failed. */
  faults: string[];
  /** What must not be in the provider's log: tests and applications add the tokens that they got. */
  tokens: string[];
}

export const test = base.extend<Options & Fixtures>({
  wishes: [{}, { option: true }],

  placeOf: async ({ wishes }, use) => {
    const places = await Promise.all(Object.entries(wishes).map(([id, wish]) => findPlace(id, wish)));
    await use((id) => {
      const place = places.find((one) => one.id === id);
      if (!place) throw new Error(`no place for ${id}`);
      return place;
    });
  },

  serverEnv: async ({ wishes, placeOf }, use) => {
    const clients = Object.keys(wishes).map((id) => placeOf(id).client);
    await use({ OIDC_CLIENTS: JSON.stringify(clients), RESEND_COOLDOWN_SECS: '1' });
  },

  serve: async ({}, use) => {
    const servers: Server[] = [];
    await use(async ({ port }, application) => {
      const server = createServer(application).listen(port, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
    });
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  },

  express: async ({ beonho, placeOf, serve, tokens }, use) => {
    const applications: ExpressApp[] = [];
    await use(async (id, scope) => {
      const application = await ExpressApp.discover(placeOf(id), beonho.origin, scope);
      await serve(application.place, application.app);
      applications.push(application);
      return application;
    });
    tokens.push(...applications.flatMap((one) => one.received));
  },

  faults: async ({}, use, info) => {
    const faults: string[] = [];
    await use(faults);
    if (faults.length && info.status !== info.expectedStatus) await info.attach('what the library said', { body: faults.join('\n') });
  },

  tokens: [
    async ({ beonho, context, wishes, placeOf }, use) => {
      const tokens = Object.keys(wishes).map((id) => placeOf(id).secret);
      context.on('request', (request) => {
        const code = new URL(request.url()).searchParams.get('code');
        if (code) tokens.push(code);
      });
      await use(tokens);
      const { output } = beonho;
      expect(tokens.filter((one) => one && output.includes(one)), 'secrets, codes and tokens in the log').toEqual([]);
    },
    { auto: true },
  ],
});
