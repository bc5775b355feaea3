// Measures Beonho beside npm's oidc-provider on this machine, by turns: how many times a second somebody who is signed in gets a code, a code
// becomes tokens and a token is shown for claims, and the processor time that each takes the server. Prints a Markdown table.
// usage: node .ci/oidc_load.mjs
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import { withServer } from './server.mjs';
import { signUp } from './sign_up.mjs';

const [TURNS, REQUESTS, CONNECTIONS] = [3, 2000, 16];
const [id, secret, redirectUri] = ['load', randomBytes(32).toString('base64url'), 'http://127.0.0.1:9/callback'];
const verifier = randomBytes(32).toString('base64url');
const sha256 = (text, encoding) => createHash('sha256').update(text).digest(encoding);
const STEPS = ['authorize', 'token', 'userinfo'];
const TICKS = Number(execFileSync('getconf', ['CLK_TCK']));

/** Seconds of processor time that a process has taken, all its threads together. */
function cpuOf(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / TICKS;
}

/** One provider, one person who is signed in there, and sixteen connections. */
class Party {
  sums = Object.fromEntries(STEPS.map((step) => [step, { count: 0, seconds: 0, cpu: 0 }]));
  cookies = new Map();
  #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor(name, origin, pid) {
    Object.assign(this, { name, origin, pid });
  }

  send(method, path, headers = {}, body = '') {
    const { host, port } = new URL(this.origin);
    const length = body && { 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, agent: this.#agent, headers: { host, ...length, ...headers } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      });
      sent.on('error', reject).end(body);
    });
  }

  /** Follows a request within the provider until it leaves it, and gives the code that it leaves with. */
  async authorize() {
    const parameters = { client_id: id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid profile phone', state: 's', nonce: 'n' };
    const challenge = { code_challenge: sha256(verifier, 'base64url'), code_challenge_method: 'S256' };
    let path = `/oauth/authorize?${new URLSearchParams({ ...parameters, ...challenge })}`;
    for (let steps = 0; steps < 5; steps++) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const { status, headers, text } = await this.send('GET', path, { cookie });
      for (const set of headers['set-cookie'] ?? []) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
        this.cookies.set(name, value);
      }
      if (!headers.location) throw new Error(`${this.name} answered ${path} with ${status}: ${text}`);
      const next = new URL(headers.location, this.origin);
      if (next.href.startsWith(redirectUri)) return next.searchParams.get('code') ?? Promise.reject(new Error(next.href));
      path = next.pathname + next.search;
    }
    throw new Error(`${this.name} never came to an end: ${path}`);
  }

  async #json(method, path, headers, body) {
    const { status, text } = await this.send(method, path, headers, body);
    if (status !== 200) throw new Error(`${this.name} answered ${path} with ${status}: ${text}`);
    return JSON.parse(text);
  }

  async token(code) {
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });
    const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' };
    const { access_token, id_token } = await this.#json('POST', '/oauth/token', headers, String(form));
    if (!id_token) throw new Error(`${this.name} gave no id token`);
    return access_token;
  }

  async userinfo(token) {
    const { phone_number } = await this.#json('GET', '/oauth/userinfo', { authorization: `Bearer ${token}` });
    if (!phone_number) throw new Error(`${this.name} gave no number`);
  }

  /** Does one step with each of what the step before gave, and gives what came of it. */
  async measure(step, given) {
    const [taken, waiting] = [[], [...given]];
    const [start, cpu] = [performance.now(), cpuOf(this.pid)];
    const connection = async () => {
      while (waiting.length) taken.push(await this[step](waiting.pop()));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    const sum = this.sums[step];
    sum.count += given.length;
    sum.seconds += (performance.now() - start) / 1000;
    sum.cpu += cpuOf(this.pid) - cpu;
    return taken;
  }

  async turn(requests) {
    let given = Array.from({ length: requests });
    for (const step of STEPS) given = await this.measure(step, given);
  }

  get row() {
    const sums = STEPS.map((step) => this.sums[step]);
    const perSecond = sums.map(({ count, seconds }) => Math.round(count / seconds));
    const perThousand = sums.map(({ count, cpu }) => ((cpu / count) * 1000).toFixed(2));
    return `| ${[this.name, ...perSecond, ...perThousand].join(' | ')} |`;
  }
}

async function measureBoth(beonho, peer) {
  for (const party of [beonho, peer]) await party.authorize();
  for (const party of [beonho, peer]) await party.turn(500);
  for (const party of [beonho, peer]) for (const sum of Object.values(party.sums)) Object.assign(sum, { count: 0, seconds: 0, cpu: 0 });
  for (let turn = 0; turn < TURNS; turn++) for (const party of turn % 2 ? [peer, beonho] : [beonho, peer]) await party.turn(REQUESTS);
  console.log(`${TURNS} turns of ${REQUESTS} each, ${CONNECTIONS} connections; ${cpus().length} cores, shared with the client that asks:\n`);
  console.log('| | authorize/s | token/s | userinfo/s | CPU s per 1000: authorize | token | userinfo |\n|---|---:|---:|---:|---:|---:|---:|');
  for (const party of [beonho, peer]) console.log(party.row);
}

const { version } = JSON.parse(readFileSync('node_modules/oidc-provider/package.json', 'utf8'));
const ours = { client_id: id, client_name: 'Load', client_secret_sha256: [sha256(secret, 'hex')], redirect_uris: [redirectUri] };
const theirs = { client_id: id, client_secret: secret, redirect_uris: [redirectUri] };
await withServer(
  async (origin, pid) => {
    const beonho = new Party('Beonho, SQLite', origin, pid);
    const [name, value] = (await signUp(origin, '010-1111-0001')).split(/=(.*)/s);
    beonho.cookies.set(name, value);
    const start = async (peerOrigin, peerPid) => measureBoth(beonho, new Party(`oidc-provider ${version}, memory`, peerOrigin, peerPid));
    await withServer(start, { CLIENT: JSON.stringify(theirs), NODE_ENV: 'production' }, () => ['node', '.ci/oidc_peer.mjs']);
  },
  { OIDC_CLIENTS: JSON.stringify([ours]) },
  () => [process.env.BEONHO ?? 'target/release/beonho'],
);
