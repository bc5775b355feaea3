import express, { type Express, type Request } from 'express';
import nextAuth, { getServerSession, type AuthOptions } from 'next-auth';
import { appPage } from './app_page';
import type { Place } from './place';

// What a bundler would unwrap.
const NextAuth = (nextAuth as unknown as { default: typeof nextAuth }).default;

export const CALLBACK = '/api/auth/callback/beonho';

/** next-auth's own handler as `pages/api/auth/[...nextauth].ts` would export it, without Next around it. */
export class NextAuthApp {
  readonly app: Express = express();

  constructor(place: Place, issuer: string, faults: string[], idTokenOnly: boolean) {
    // It takes its own address from nowhere else.
    process.env.NEXTAUTH_URL = place.origin;
    const options = optionsOf(place, issuer, idTokenOnly, faults);
    this.app.get('/favicon.ico', (_request, response) => void response.status(204).end());
    this.app.all('/api/auth/*nextauth', express.urlencoded({ extended: false }), (request, response) => NextAuth(asNext(request), response, options));
    this.app.get('/', async (request, response) => {
      const session = await getServerSession(asNext(request), response as never, options);
      response.send(appPage(place.name, { person: session?.user, links: [['sign-in', '/api/auth/signin']] }));
    });
  }

  close(): void {
    delete process.env.NEXTAUTH_URL;
  }
}

function optionsOf(place: Place, issuer: string, idTokenOnly: boolean, faults: string[]): AuthOptions {
  return {
    secret: place.secret,
    providers: [
      {
        id: 'beonho',
        name: 'Beonho',
        type: 'oauth',
        wellKnown: `${issuer}/.well-known/openid-configuration`,
        clientId: place.id,
        clientSecret: place.secret,
        authorization: { params: { scope: 'openid profile phone' } },
        checks: ['pkce', 'state', 'nonce'],
        idToken: true,
        // Without this the id token's claims are all that it looks at.
        ...(!idTokenOnly && { userinfo: { request: ({ client, tokens }) => client.userinfo(tokens.access_token ?? '') } }),
        profile: (claims) => ({ id: claims.sub, name: claims.name, phone: claims.phone_number }),
      },
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ ...token, ...user }),
      session: ({ session, token }) => ({ ...session, user: { sub: token.sub, name: token.name, phone_number: token.phone } }),
    },
    logger: { error: (code, about) => void faults.push(`${code}: ${String('error' in about ? about.error : about)}`) },
  };
}

/** What Next hands to a handler. */
function asNext({ method, headers, query, params, body }: Request) {
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split(/=(.*)/s));
  const cookies = Object.fromEntries(pairs.map(([name, value = '']) => [name, decodeURIComponent(value)]));
  return { method, headers, body, cookies, query: { ...query, nextauth: params.nextauth } } as never;
}
