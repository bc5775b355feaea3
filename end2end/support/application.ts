import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { listen, type Listening } from '../emulators/http';
import { cookiesOf, OPENED, OPENER, pageOf, redirect, withCookie, type Page } from './application_pages';

/** What an ID token says of somebody. */
export interface Person {
  sub: string;
  nonce: string;
  iss: string;
  aud: string;
  exp: number;
  auth_time: number;
  amr: string[];
}

interface Known {
  person: Person;
  idToken: string;
}

const random = () => randomBytes(24).toString('base64url');
const sha256 = (text: string) => createHash('sha256').update(text);

/** An application that is another site than Beonho, made as an honest one is: it looks at all that comes back. */
export class Application {
  /** Where Beonho is; known once it has started. */
  issuer = '';
  /** All that nobody else may read: its secret, codes and tokens. */
  readonly secrets: string[] = [];
  /** Everybody who signed in, in that order. */
  readonly signIns: Person[] = [];
  private readonly secret = this.keep(random());
  private readonly known = new Map<string, Known>();
  private listening?: Listening;

  constructor(
    private readonly id: string,
    readonly name: string,
  ) {}

  async start(): Promise<this> {
    this.listening = await listen(async (request, response) => {
      const { status, headers, body } = await this.answer(request).catch((error: unknown) => this.fault(String(error), 400));
      response.writeHead(status, headers).end(body);
    });
    return this;
  }

  async close(): Promise<void> {
    await this.listening?.close();
  }

  get origin(): string {
    return this.listening?.url ?? '';
  }

  /** What an operator writes into `OIDC_CLIENTS`. */
  get registration(): object {
    return {
      client_id: this.id,
      client_name: this.name,
      client_secret_sha256: [sha256(this.secret).digest('hex')],
      redirect_uris: [`${this.origin}/callback`, `${this.origin}/popup/callback`],
      post_logout_redirect_uris: [`${this.origin}/bye`],
    };
  }

  private async answer(request: IncomingMessage): Promise<Page> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    const cookies = cookiesOf(request);
    switch (pathname) {
      case '/':
        return this.home(cookies);
      case '/begin':
        return this.begin(searchParams);
      case '/callback':
        return this.callback(pathname, searchParams, cookies, '/');
      case '/popup':
        return pageOf(this.name, OPENER);
      case '/popup/callback':
        return this.callback(pathname, searchParams, cookies, '/popup/done');
      case '/popup/done':
        return pageOf(this.name, `<p id="who">${this.knownBy(cookies)?.person.sub ?? ''}</p>${OPENED}`);
      case '/sign-out':
        return this.signOut(cookies, searchParams.has('bare'));
      case '/bye':
        return pageOf(this.name, `<p id="bye">Signed out, ${searchParams.get('state') ?? ''}</p>`);
      default:
        return this.fault('not found', 404);
    }
  }

  private home(cookies: Map<string, string>): Page {
    const known = this.knownBy(cookies);
    const links = known ? '<a id="sign-out" href="/sign-out">Sign out</a>' : '<a id="sign-in" href="/begin">Sign in</a>';
    return pageOf(this.name, `<p id="who">${known ? `signed in as ${known.person.sub}` : 'a stranger'}</p><p>${links}</p>`);
  }

  private fault(text: string, status: number): Page {
    return pageOf(this.name, `<p id="error">${text}</p>`, status);
  }

  /** Sends somebody to Beonho; whatever the query has goes along, or stands for what an application would say. */
  private begin(extra: URLSearchParams): Page {
    const [state, verifier, nonce] = [random(), random() + random(), random()];
    const asked = new URLSearchParams({
      response_type: 'code',
      client_id: this.id,
      redirect_uri: `${this.origin}/callback`,
      scope: 'openid profile',
      state,
      nonce,
      code_challenge: sha256(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    extra.forEach((value, name) => asked.set(name, value));
    return withCookie(redirect(`${this.issuer}/oauth/authorize?${asked}`), `${this.id}-${state}`, `${verifier}.${nonce}`);
  }

  /** A cookie for each request: who begins twice, in two tabs, may end twice. */
  private async callback(path: string, answer: URLSearchParams, cookies: Map<string, string>, next: string): Promise<Page> {
    const flow = `${this.id}-${answer.get('state')}`;
    const [verifier, nonce] = cookies.get(flow)?.split('.') ?? [];
    // Somebody went back, and came here once more.
    if (!verifier && this.knownBy(cookies)) return redirect(next);
    if (!verifier) throw new Error('the answer is to no request of this browser');
    if (answer.get('iss') !== this.issuer) throw new Error('the answer is of somebody else');
    const code = answer.get('code');
    if (!code) return withCookie(this.fault(answer.get('error') ?? '', 200), flow, '');
    const idToken = await this.redeem(this.keep(code), verifier, `${this.origin}${path}`);
    const person = await this.read(idToken, nonce);
    const session = random();
    this.known.set(session, { person, idToken });
    this.signIns.push(person);
    return withCookie(withCookie(redirect(next), flow, ''), `${this.id}-session`, session);
  }

  private async redeem(code: string, verifier: string, uri: string): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: uri });
    const authorization = `Basic ${Buffer.from(`${this.id}:${this.secret}`).toString('base64')}`;
    const response = await fetch(`${this.issuer}/oauth/token`, { method: 'POST', body, headers: { authorization } });
    const answer = (await response.json()) as { id_token?: string; access_token?: string; error?: string };
    if (!answer.id_token || !answer.access_token) throw new Error(`no token: ${answer.error}`);
    this.keep(answer.access_token);
    return this.keep(answer.id_token);
  }

  private async read(idToken: string, nonce: string | undefined): Promise<Person> {
    const [head = '', claims = '', signature = ''] = idToken.split('.');
    const { kid, alg } = parse<{ kid: string; alg: string }>(head);
    const { keys } = (await (await fetch(`${this.issuer}/oauth/jwks`)).json()) as { keys: (JsonWebKey & { kid: string })[] };
    const key = keys.find((one) => one.kid === kid);
    const signed = Buffer.from(`${head}.${claims}`);
    const isSigned = key && verify('sha256', signed, createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
    const person = parse<Person>(claims);
    const isForUs = person.iss === this.issuer && person.aud === this.id && person.nonce === nonce && person.exp > Date.now() / 1000;
    if (alg !== 'RS256' || !isSigned || !isForUs) throw new Error(`the token is not for us: ${JSON.stringify(person)}`);
    return person;
  }

  private signOut(cookies: Map<string, string>, isBare: boolean): Page {
    const known = this.knownBy(cookies);
    const back = { client_id: this.id, post_logout_redirect_uri: `${this.origin}/bye`, state: 'see you' };
    const hint: Record<string, string> = known && !isBare ? { id_token_hint: known.idToken } : {};
    this.known.delete(cookies.get(`${this.id}-session`) ?? '');
    return withCookie(redirect(`${this.issuer}/oauth/end-session?${new URLSearchParams({ ...back, ...hint })}`), `${this.id}-session`, '');
  }

  private knownBy(cookies: Map<string, string>): Known | undefined {
    return this.known.get(cookies.get(`${this.id}-session`) ?? '');
  }

  private keep(secret: string): string {
    this.secrets.push(secret);
    return secret;
  }
}

function parse<T>(part: string): T {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as T;
}
