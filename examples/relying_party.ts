// An application that leaves sign-in to Beonho: openid-client, node's http, and nothing else. Beonho must know it before it starts:
// export CLIENT_SECRET=$(openssl rand -hex 32) HOME_URL=http://127.0.0.1:4000
// OIDC_CLIENTS='[{"client_id": "example", "client_name": "An example", "client_secret_sha256": ["'$(printf %s $CLIENT_SECRET | sha256sum | cut -c 1-64)'"],
//   "redirect_uris": ["'$HOME_URL'/callback"], "post_logout_redirect_uris": ["'$HOME_URL'/"]}]' make serve
// and then `tsc -p examples && node target/examples/relying_party.js http://localhost:3000`.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as client from 'openid-client';

const issuer = process.argv[2];
const { CLIENT_SECRET: secret, HOME_URL: home } = process.env;
if (!issuer || !secret || !home) throw new Error('usage: CLIENT_SECRET=… HOME_URL=… relying_party ISSUER');

/** What has to be remembered while somebody is away to sign in. */
interface Question {
  pkceCodeVerifier: string;
  expectedState: string;
  expectedNonce: string;
}

/** Who came back. `sub` is who they are: a name may be anybody's, and a number may change hands. */
interface Person {
  sub: string;
  name: string;
  phoneNumber: string;
  idToken: string;
}

// In a real application these outlive a restart and are thrown away when they are old.
const questions = new Map<string, Question>();
const people = new Map<string, Person>();

// Only for a provider on this machine may http do.
const execute = issuer.startsWith('http://localhost') ? [client.allowInsecureRequests] : [];
const config = await client.discovery(new URL(issuer), 'example', undefined, client.ClientSecretBasic(secret), { execute });

/** Sends somebody to Beonho. Whoever is signed in there comes straight back. */
async function ask(response: ServerResponse): Promise<void> {
  const question = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${home}/callback`,
    scope: 'openid profile phone',
    code_challenge: await client.calculatePKCECodeChallenge(question.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: question.expectedState,
    nonce: question.expectedNonce,
  });
  const id = randomUUID();
  questions.set(id, question);
  redirect(response, url.href, cookie('question', id, 600));
}

/** Takes back whoever was sent. What does not belong to this browser's own question is refused by openid-client. */
async function welcome(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = cookieOf(request, 'question');
  const question = questions.get(id);
  if (!question) return redirect(response, '/sign-in');
  questions.delete(id);
  const tokens = await client.authorizationCodeGrant(config, new URL(request.url ?? '', home), { ...question, idTokenExpected: true });
  const sub = tokens.claims()?.sub ?? '';
  const { name = '', phone_number = '' } = await client.fetchUserInfo(config, tokens.access_token, sub);
  // The session of somebody who signs in has a new id, so that none can be planted.
  const session = randomUUID();
  people.set(session, { sub, name, phoneNumber: phone_number, idToken: tokens.id_token ?? '' });
  redirect(response, '/', cookie('session', session, 86_400));
}

/** Signs out here, and at Beonho. */
function leave(request: IncomingMessage, response: ServerResponse): void {
  const session = cookieOf(request, 'session');
  const person = people.get(session);
  people.delete(session);
  if (!person) return redirect(response, '/');
  const url = client.buildEndSessionUrl(config, { id_token_hint: person.idToken, post_logout_redirect_uri: `${home}/` });
  redirect(response, url.href, cookie('session', '', 0));
}

function show(request: IncomingMessage, response: ServerResponse): void {
  const person = people.get(cookieOf(request, 'session'));
  const known = person && `<p>${escape(person.name)}, ${escape(person.phoneNumber)}</p><form method="post" action="/sign-out"><button>Sign out</button></form>`;
  const page = `<!doctype html><html lang="en"><title>An example</title><h1>An example</h1>${known ?? '<a href="/sign-in">Sign in</a>'}</html>`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
}

function redirect(response: ServerResponse, location: string, ...cookies: string[]): void {
  response.writeHead(303, { location, ...(cookies.length && { 'set-cookie': cookies }) }).end();
}

/** `Lax`, for the way back from Beonho begins on another site. */
function cookie(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${home?.startsWith('https:') ? '; Secure' : ''}`;
}

function cookieOf(request: IncomingMessage, name: string): string {
  return new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '', home);
  if (pathname === '/sign-in') return ask(response);
  if (pathname === '/callback') return welcome(request, response);
  if (pathname === '/sign-out' && request.method === 'POST') return leave(request, response);
  if (pathname === '/') return show(request, response);
  response.writeHead(404).end();
}

createServer((request, response) => {
  serve(request, response).catch((fault: unknown) => {
    console.error(fault);
    response.writeHead(502).end('Signing in did not work. Please try again.');
  });
}).listen(Number(new URL(home).port), new URL(home).hostname, () => console.log(`listening on ${home}`));
