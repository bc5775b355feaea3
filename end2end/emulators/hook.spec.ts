import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { startHook, type Hook } from './hook';
import { hookAnswers } from './hook_answers';
import { hookBody, post, TEXT, type Posting } from './hook_caller';
import { empty, htmlPage, huge, readBody, redirect, type Answer } from './http';
import { faultOfHook } from './standard_webhooks';

const test = base.extend<{ hook: Hook }>({
  hook: async ({}, use) => {
    const hook = await startHook();
    await use(hook);
    await hook.close();
  },
});

const NUMBER = '+821012345678';

test('a signed request in the shape of the hook is accepted, and its text reaches the phone', async ({ hook }) => {
  const response = await post(hook, hookBody(NUMBER), { id: 'send-1' });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(hook.sent).toEqual([
    {
      id: 'send-1',
      to: NUMBER,
      otp: '123456',
      text: TEXT,
      smsType: 'sign_up',
      locale: 'ko',
      channel: 'sms',
      challengeId: 'challenge-1',
      subject: 'subject-1',
    },
  ]);
  expect([hook.inbox(NUMBER), hook.lastCode(NUMBER)]).toEqual([[TEXT], '123456']);
  expect(hook.violations).toEqual([]);
});

test('the same id is accepted again, counted, and not sent again', async ({ hook }) => {
  const body = hookBody(NUMBER);
  for (let i = 0; i < 3; i++) expect((await post(hook, body, { id: 'send-1' })).status).toBe(200);
  expect([hook.tries.length, hook.sent.length, hook.repeats]).toEqual([3, 1, 2]);
  expect(hook.violations).toEqual([]);
  await post(hook, hookBody(NUMBER, { sms: { otp: '654321' }, beonho: { text: '[654321]' } }), { id: 'send-1' });
  expect(hook.violations).toEqual(['send-1 came again with another number or code']);
  expect(hook.inbox(NUMBER)).toEqual([TEXT]);
});

test('what is not signed, or by somebody else, or long ago, is a 401 and leaves nothing', async ({ hook }) => {
  const foreign = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const old = String(Math.floor(Date.now() / 1000) - 302);
  const postings: Posting[] = [{ secret: foreign }, { headers: { 'webhook-timestamp': old } }, { headers: { 'webhook-signature': 'v1,AAAA' } }];
  for (const options of postings) {
    const response = await post(hook, hookBody(NUMBER), options);
    expect([response.status, await response.json()]).toEqual([401, { error: { http_code: 401, message: expect.any(String) } }]);
  }
  expect((await fetch(hook.endpoint, { method: 'POST', body: hookBody(NUMBER) })).status).toBe(401);
  expect([hook.tries, hook.sent]).toEqual([[], []]);
});

test('one of two secrets is enough, whichever signed', async () => {
  const [first, second] = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`);
  const hook = await startHook({ secret: `${first} ${second}` });
  for (const secret of [first, second, `${second} ${first}`]) expect((await post(hook, hookBody(NUMBER), { secret })).status).toBe(200);
  await hook.close();
});

const SHAPELESS: [string, string, RegExp][] = [
  ['text', 'hello', /not a JSON object/],
  ['another hook', hookBody(NUMBER, { metadata: { name: 'send-email' } }), /metadata\.name/],
  ['no metadata', hookBody(NUMBER, { metadata: null }), /metadata\.uuid/],
  ['no user', hookBody(NUMBER, { user: null }), /user\.id/],
  ['a number with a plus', hookBody(NUMBER, { sms: { phone: NUMBER } }), /sms\.phone/],
  ['a code that is a number', hookBody(NUMBER, { sms: { otp: 123456 } }), /sms\.otp/],
  ['no text', hookBody(NUMBER, { beonho: { text: '' } }), /beonho\.text/],
  ['a language in words', hookBody(NUMBER, { beonho: { locale: 'Korean' } }), /beonho\.locale/],
  ['no challenge', hookBody(NUMBER, { beonho: { challenge_id: undefined } }), /beonho\.challenge_id/],
];

for (const [what, body, violation] of SHAPELESS) {
  test(`${what} is a 400`, async ({ hook }) => {
    expect((await post(hook, body)).status).toBe(400);
    expect(hook.violations.join()).toMatch(violation);
    expect(hook.sent).toEqual([]);
  });
}

const CARELESS: [string, Parameters<typeof hookBody>[1], Posting, RegExp][] = [
  ['two numbers', { user: { phone: '821087654321' } }, {}, /differ/],
  ['a subject that is the number', { user: { id: 'person-1012345678' } }, {}, /tells the number/],
  ['a text without the code', { beonho: { text: 'hello' } }, {}, /not in the text/],
  ['a newline after the origin-bound line', { beonho: { text: `${TEXT}\n` } }, {}, /origin-bound/],
  ['an unknown channel', { beonho: { channel: 'pigeon' } }, {}, /channel is "pigeon"/],
  ['a dot in the id', {}, { id: 'send.1' }, /a dot in the webhook-id/],
  ['no word of JSON', {}, { headers: { 'content-type': 'text/plain' } }, /not said to be JSON/],
];

for (const [what, changes, options, violation] of CARELESS) {
  test(`${what} is accepted and noted as a violation`, async ({ hook }) => {
    expect((await post(hook, hookBody(NUMBER, changes), options)).status).toBe(200);
    expect(hook.violations).toEqual([expect.stringMatching(violation)]);
  });
}

test('another path and another method are not found', async ({ hook }) => {
  expect((await fetch(`${hook.url}/elsewhere`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(hook.endpoint)).status).toBe(404);
});

const ANSWERS: Record<string, Answer> = { ...hookAnswers, html: htmlPage(200), empty: empty(200), redirect: redirect('/elsewhere') };

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`the answer "${name}" is given once, and nothing is sent unless it says so`, async ({ hook }) => {
    hook.script(NUMBER, [{ answer }]);
    const response = await post(hook, hookBody(NUMBER));
    expect([response.status, await response.text()]).toEqual([answer.status, answer.body]);
    expect(response.headers.get('retry-after')).toBe(answer.headers?.['retry-after'] ?? null);
    expect([hook.tries.length, hook.sent.length]).toEqual([1, 0]);
    expect((await post(hook, hookBody(NUMBER))).status).toBe(200);
    expect(hook.sent).toHaveLength(1);
  });
}

test('ten megabytes, a drip, a cut and silence are scripted as for any vendor', async ({ hook }) => {
  hook.script(NUMBER, [{ answer: huge(200) }, { dripMs: 20 }, { cut: 'after_reading', accepted: true }, { hang: true }]);
  expect((await (await post(hook, hookBody(NUMBER))).text()).length).toBeGreaterThan(10_000_000);
  expect(await (await post(hook, hookBody(NUMBER))).json()).toEqual({});
  await expect(post(hook, hookBody(NUMBER))).rejects.toThrow('fetch failed');
  expect(hook.sent).toHaveLength(2);
  const silence = expect(post(hook, hookBody(NUMBER))).rejects.toThrow('fetch failed');
  await expect.poll(() => hook.tries.length).toBe(4);
  await hook.close();
  await silence;
});

test('a report is signed, names the send, and is thin', async ({ hook }) => {
  const bodies: string[] = [];
  const beonho = createServer(async (request, response) => {
    const body = await readBody(request);
    const fault = faultOfHook(request.headers as Record<string, string>, body, hook.settings.secret, Date.now());
    bodies.push(`${request.method} ${request.url} ${body}`);
    response.writeHead(fault ? 401 : 204).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => beonho.once('listening', resolve));
  const origin = `http://127.0.0.1:${(beonho.address() as AddressInfo).port}`;
  await post(hook, hookBody(NUMBER), { id: 'send-1' });
  expect(await hook.report(origin, NUMBER, 'failed', 'handset off')).toBe(204);
  expect((await hook.tell(origin, { send_id: 'send-1', status: 'delivered' }, { 'webhook-id': 'other' })).status).toBe(401);
  expect(bodies[0]).toBe('POST /hooks/sms {"type":"sms.delivery","data":{"send_id":"send-1","status":"failed","reason":"handset off"}}');
  beonho.close();
  await expect(hook.report(origin, '+821087654321', 'delivered')).rejects.toThrow('no code has reached +821087654321');
});
