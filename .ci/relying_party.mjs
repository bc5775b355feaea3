// One person's way through a relying party of examples/, with a cookie jar for each side.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { freePort } from './server.mjs';
import { signUp, stateOf } from './sign_up.mjs';

const secret = randomBytes(32).toString('hex');
const home = `http://127.0.0.1:${await freePort()}`;

/** How the provider is to be told of it. */
export const CLIENT = {
  client_id: 'example',
  client_name: 'An example',
  client_secret_sha256: [createHash('sha256').update(secret).digest('hex')],
  redirect_uris: [`${home}/callback`],
  post_logout_redirect_uris: [`${home}/`],
};

const cookieOf = (jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

/** Asks as a browser would that has these cookies and follows nothing by itself; the jar keeps what is set. */
async function ask(url, jar, method = 'GET') {
  const answer = await fetch(url, { method, redirect: 'manual', headers: { cookie: cookieOf(jar) } });
  for (const set of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
    value ? jar.set(name, value) : jar.delete(name);
  }
  const location = answer.headers.get('location');
  return { location: location && new URL(location, url).href, text: await answer.text() };
}

function expect(is, what, answer) {
  if (!is) throw new Error(`${what}: ${JSON.stringify(answer)}`);
}

/** Somebody who is signed in at the provider is known to the application, and signs out at both. */
async function walk(origin, number) {
  const [here, there] = [new Map(), new Map([(await signUp(origin, number)).split(/=(.*)/s)])];
  const sent = await ask(`${home}/sign-in`, here);
  expect(sent.location?.startsWith(`${origin}/oauth/authorize?`), 'it does not send to the provider', sent);
  const back = await ask(sent.location, there);
  expect(back.location?.startsWith(`${home}/callback?`), 'the provider does not send back', back);
  expect((await ask(back.location, new Map())).location === `${home}/sign-in`, 'another browser got in', back);
  const welcomed = await ask(back.location, here);
  expect(welcomed.location === `${home}/`, 'nobody is let in', welcomed);
  const page = await ask(welcomed.location, here);
  expect(/민지.*\+8210/.test(page.text), 'it does not know who came', page);
  const leaving = await ask(`${home}/sign-out`, here, 'POST');
  const left = await ask(leaving.location, there);
  expect(left.location === `${home}/`, 'it does not sign out at the provider', left);
  expect((await stateOf(origin, cookieOf(there))) === 'none', 'the provider did not sign out', left);
  expect((await ask(left.location, here)).text.includes('/sign-in'), 'it still knows who came', left);
}

/** Runs a program for as long as the walk takes. */
export async function runRelyingParty(origin, [program, words, number]) {
  const child = spawn(program, [...words, origin], { env: { ...process.env, CLIENT_SECRET: secret, HOME_URL: home }, stdio: ['ignore', 'pipe', 'inherit'] });
  const watch = setTimeout(() => child.kill(), 30_000);
  try {
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('error', reject).once('close', (status) => reject(new Error(`${program} ended with ${status}`)));
    });
    await walk(origin, number);
  } finally {
    clearTimeout(watch);
    child.kill();
  }
}
