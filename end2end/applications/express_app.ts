import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import * as client from 'openid-client';
import { appPage, faultOf } from './app_page';
import type { Place } from './place';

type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

/** What one browser is to the application. */
interface Session {
  awaited?: { verifier: string; state: string; nonce: string; maxAge: number | undefined };
  tokens?: Tokens;
  person?: client.UserInfoResponse;
}

/** Parameters of a sign-in that a link to the application may ask for. */
const PASSED_ON = ['prompt', 'max_age', 'login_hint', 'ui_locales', 'acr_values'];

/** An Express application that leaves sign-in to `openid-client`, with every check that it has. */
export class ExpressApp {
  readonly app: Express = express();
  /** With what the browser came back, newest last. */
  readonly arrivals: URL[] = [];
  /** All tokens that it ever got. */
  readonly received: string[] = [];
  readonly #sessions = new Map<string, Session>();

  private constructor(
    readonly place: Place,
    readonly config: client.Configuration,
    private readonly scope: string,
  ) {
    this.app.get('/', (request, response) => this.#home(request, response));
    this.app.get('/login', (request, response) => this.#login(request, response));
    this.app.get(place.callback, (request, response) => this.#callback(request, response));
    this.app.get('/logout', (request, response) => this.#logout(request, response));
    if (place.afterSignOut) this.app.get(place.afterSignOut, (request, response) => this.#home(request, response));
    this.app.use(this.#fault);
  }

  static async discover(place: Place, issuer: string, scope = 'openid profile phone'): Promise<ExpressApp> {
    const metadata = { id_token_signed_response_alg: place.fields?.id_token_signed_response_alg as string | undefined };
    const auth = place.isPublic ? client.None() : client.ClientSecretBasic(place.secret);
    // Loopback has no TLS; the signature is verified even so.
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
    const config = await client.discovery(new URL(issuer), place.id, metadata, auth, { execute });
    return new ExpressApp(place, config, scope);
  }

  /** The tokens of whoever signed in last. */
  get tokens(): Tokens {
    const [last] = [...this.#sessions.values()].filter((one) => one.tokens).slice(-1);
    if (!last?.tokens) throw new Error('nobody is signed in');
    return last.tokens;
  }

  /** What the id token of whoever signed in last says. */
  get claims(): client.IDToken {
    const claims = this.tokens.claims();
    if (!claims) throw new Error('no id token');
    return claims;
  }

  #home(request: Request, response: Response): void {
    const { person } = this.#sessionOf(request, response);
    const links: [string, string] = person ? ['sign-out', '/logout'] : ['sign-in', '/login'];
    response.send(appPage(this.place.name, { person, links: [links] }));
  }

  async #login(request: Request, response: Response): Promise<void> {
    const passed = new URLSearchParams(PASSED_ON.flatMap((name) => (request.query[name] ? [[name, String(request.query[name])]] : [])));
    const maxAge = passed.has('max_age') ? Number(passed.get('max_age')) : undefined;
    const awaited = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce(), maxAge };
    this.#sessionOf(request, response).awaited = awaited;
    const parameters = {
      redirect_uri: this.place.redirectUri,
      scope: this.scope,
      code_challenge: await client.calculatePKCECodeChallenge(awaited.verifier),
      code_challenge_method: 'S256',
      state: awaited.state,
      nonce: awaited.nonce,
      ...Object.fromEntries(passed),
    };
    response.redirect(client.buildAuthorizationUrl(this.config, parameters).href);
  }

  async #callback(request: Request, response: Response): Promise<void> {
    const arrival = new URL(request.originalUrl, this.place.origin);
    this.arrivals.push(arrival);
    const session = this.#sessionOf(request, response);
    const { awaited } = session;
    if (!awaited) throw new Error('nobody asked for this');
    delete session.awaited;
    const checks = { pkceCodeVerifier: awaited.verifier, expectedState: awaited.state, expectedNonce: awaited.nonce, maxAge: awaited.maxAge, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(this.config, arrival, checks);
    session.person = await client.fetchUserInfo(this.config, tokens.access_token, tokens.claims()?.sub ?? '');
    session.tokens = tokens;
    this.received.push(tokens.access_token, tokens.id_token ?? '', tokens.refresh_token ?? '');
    response.redirect('/');
  }

  /** Signs out here, and at the provider. */
  #logout(request: Request, response: Response): void {
    const session = this.#sessionOf(request, response);
    const parameters = { id_token_hint: session.tokens?.id_token ?? '', post_logout_redirect_uri: this.place.origin + this.place.afterSignOut, state: 'signed-out' };
    delete session.person;
    response.redirect(client.buildEndSessionUrl(this.config, parameters).href);
  }

  readonly #fault: ErrorRequestHandler = (error, _request, response, _next) => {
    response.send(appPage(this.place.name, { fault: faultOf(error), links: [['sign-in', '/login']] }));
  };

  /** The applications of a test share a host, and so their cookies: each has one of its own name. */
  #sessionOf(request: Request, response: Response): Session {
    const name = `app-${this.place.id}`;
    const known = new RegExp(`(?:^|; )${name}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];
    const id = known && this.#sessions.has(known) ? known : randomUUID();
    if (id !== known) response.cookie(name, id, { httpOnly: true, sameSite: 'lax' });
    const session = this.#sessions.get(id) ?? {};
    this.#sessions.set(id, session);
    return session;
  }
}
