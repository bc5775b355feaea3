import { ExpressAuth, getSession, type ExpressAuthConfig } from '@auth/express';
import express, { type Express } from 'express';
import { appPage, faultOf } from './app_page';
import type { Place } from './place';

export const CALLBACK = '/auth/callback/beonho';

/** An Express application that leaves sign-in to Auth.js. */
export class AuthJsApp {
  readonly app: Express = express();

  constructor(place: Place, issuer: string, faults: string[]) {
    const config = configOf(place, issuer, faults);
    this.app.get('/favicon.ico', (_request, response) => void response.status(204).end());
    this.app.use('/auth', ExpressAuth(config));
    this.app.get('/', async (request, response) => {
      const session = await getSession(request, config);
      response.send(appPage(place.name, { person: session?.user, links: [['sign-in', '/auth/signin']] }));
    });
  }
}

function configOf(place: Place, issuer: string, faults: string[]): ExpressAuthConfig {
  return {
    secret: place.secret,
    trustHost: true,
    basePath: '/auth',
    providers: [
      {
        id: 'beonho',
        name: 'Beonho',
        type: 'oidc',
        issuer,
        clientId: place.id,
        clientSecret: place.secret,
        authorization: { params: { scope: 'openid profile phone' } },
        checks: ['pkce', 'state', 'nonce'],
        // Else its page loads one from its own site.
        style: { logo: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' },
        // The claims come by userinfo.
        idToken: false,
        profile: (claims) => ({ id: claims.sub, name: claims.name, phone: claims.phone_number }),
      },
    ],
    callbacks: {
      jwt: ({ token, user, account }) => ({ ...token, ...user, sub: account?.providerAccountId ?? token.sub }),
      session: ({ session, token }) => ({ ...session, user: { sub: token.sub, name: token.name, phone_number: token.phone } as never }),
    },
    logger: { error: (error) => void faults.push(`${error.name}: ${faultOf((error.cause as { err?: Error } | undefined)?.err ?? error)}`), warn: () => undefined },
  };
}
