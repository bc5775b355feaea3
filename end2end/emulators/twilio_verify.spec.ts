import { expect, test as base } from '@playwright/test';
import { check, get, post, start } from './twilio_caller';
import { twilioErrors } from './twilio_errors';
import { startTwilioVerify, type TwilioVerify } from './twilio_verify';

const test = base.extend<{ twilio: TwilioVerify; clock: { now: number } }>({
  clock: async ({}, use) => use({ now: 1_700_000_000_000 }),
  twilio: async ({ clock }, use) => {
    const twilio = await startTwilioVerify({ now: () => clock.now });
    await use(twilio);
    await twilio.close();
  },
});

const NUMBER = '+821012345678';
const NOT_FOUND = { status: 404, body: { code: 20404, status: 404 } };

test('a start answers the whole verification', async ({ twilio }) => {
  const { accountSid, serviceSid } = twilio.settings;
  const { status, body } = await start(twilio, NUMBER, { Locale: 'ko' });
  expect(status).toBe(201);
  expect(body).toEqual({
    sid: expect.stringMatching(/^VE[0-9a-f]{32}$/),
    service_sid: serviceSid,
    account_sid: accountSid,
    to: NUMBER,
    channel: 'sms',
    status: 'pending',
    valid: false,
    lookup: { carrier: null },
    amount: null,
    payee: null,
    send_code_attempts: [{ time: '2023-11-14T22:13:20Z', channel: 'sms', attempt_sid: expect.stringMatching(/^VL[0-9a-f]{32}$/) }],
    date_created: '2023-11-14T22:13:20Z',
    date_updated: '2023-11-14T22:13:20Z',
    sna: null,
    url: `https://verify.twilio.com/v2/Services/${serviceSid}/Verifications/${String(body.sid)}`,
  });
  expect(twilio.starts).toMatchObject([{ to: NUMBER, channel: 'sms', locale: 'ko', sid: body.sid }]);
});

test('a repeated start keeps sid, code and expiry', async ({ twilio, clock }) => {
  const first = await start(twilio, NUMBER);
  const code = twilio.codeFor(NUMBER);
  clock.now += 599_999;
  const second = await start(twilio, NUMBER);
  expect([second.body.sid, twilio.codeFor(NUMBER)]).toEqual([first.body.sid, code]);
  expect(second.body.send_code_attempts).toHaveLength(2);
  clock.now += 1;
  expect(await check(twilio, { To: NUMBER, Code: code })).toMatchObject(NOT_FOUND);
  expect((await start(twilio, NUMBER)).body.sid).not.toBe(first.body.sid);
});

test('a check by sid and a check by number share the five checks', async ({ twilio }) => {
  const { body } = await start(twilio, NUMBER);
  const [bySid, byNumber] = [{ VerificationSid: String(body.sid) }, { To: NUMBER }];
  const Code = twilio.wrongCodeFor(NUMBER);
  for (const form of [bySid, byNumber, bySid, byNumber, bySid]) {
    expect(await check(twilio, { ...form, Code })).toMatchObject({ status: 200, body: { status: 'pending', valid: false } });
  }
  for (const form of [bySid, byNumber]) {
    expect(await check(twilio, { ...form, Code: twilio.codeFor(NUMBER) })).toMatchObject({ status: 429, body: { code: 60202 } });
  }
});

test('an exhausted verification may also vanish', async () => {
  const twilio = await startTwilioVerify({ exhausted: 'vanishes' });
  await start(twilio, NUMBER);
  const wrong = { To: NUMBER, Code: twilio.wrongCodeFor(NUMBER) };
  for (let i = 0; i < 5; i++) expect((await check(twilio, wrong)).status).toBe(200);
  expect(await check(twilio, wrong)).toMatchObject(NOT_FOUND);
  await twilio.close();
});

test('an approved verification is gone for checks, fetches and updates', async ({ twilio }) => {
  const { body } = await start(twilio, NUMBER);
  const right = { VerificationSid: String(body.sid), Code: twilio.codeFor(NUMBER) };
  const approved = await check(twilio, right);
  expect(approved).toMatchObject({ status: 200, body: { sid: body.sid, status: 'approved', valid: true, to: NUMBER } });
  expect(Object.keys(approved.body)).not.toContain('send_code_attempts');
  expect(await check(twilio, right)).toMatchObject(NOT_FOUND);
  expect(await get(twilio, `/Verifications/${body.sid}`)).toMatchObject(NOT_FOUND);
  expect(await post(twilio, `/Verifications/${body.sid}`, { Status: 'canceled' })).toMatchObject(NOT_FOUND);
});

test('a number can be fetched with a raw or an encoded plus', async ({ twilio }) => {
  const { body } = await start(twilio, NUMBER);
  for (const key of [String(body.sid), NUMBER, encodeURIComponent(NUMBER)]) {
    expect(await get(twilio, `/Verifications/${key}`)).toMatchObject({ status: 200, body: { sid: body.sid, status: 'pending' } });
  }
  expect(await get(twilio, '/Verifications/+821087654321')).toMatchObject(NOT_FOUND);
});

for (const Status of ['canceled', 'approved']) {
  test(`a verification that was ${Status} by an update is over, and a new start has a new sid`, async ({ twilio }) => {
    const { body } = await start(twilio, NUMBER);
    const Code = twilio.codeFor(NUMBER);
    expect(await post(twilio, `/Verifications/${body.sid}`, { Status })).toMatchObject({ status: 200, body: { status: Status } });
    expect(await check(twilio, { To: NUMBER, Code })).toMatchObject(NOT_FOUND);
    expect((await start(twilio, NUMBER)).body.sid).not.toBe(body.sid);
  });
}

test('five sends are enough until the verification is over', async ({ twilio, clock }) => {
  for (let i = 0; i < 5; i++) expect((await start(twilio, NUMBER)).status).toBe(201);
  expect(await start(twilio, NUMBER)).toMatchObject({ status: 429, body: { code: 60203 } });
  expect(twilio.starts.map((one) => one.sid !== undefined)).toEqual([true, true, true, true, true, false]);
  clock.now += 600_000;
  expect((await start(twilio, NUMBER)).status).toBe(201);
});

test('the lifetime can be set', async ({ clock }) => {
  const twilio = await startTwilioVerify({ lifetimeSecs: 2, now: () => clock.now });
  await start(twilio, NUMBER);
  clock.now += 2000;
  expect(() => twilio.codeFor(NUMBER)).toThrow('no verification of +821012345678 is pending');
  await twilio.close();
});

const INVALID: [string, string, Record<string, string>][] = [
  ['a number without its plus', '/Verifications', { To: '821012345678', Channel: 'sms' }],
  ['no number', '/Verifications', { Channel: 'sms' }],
  ['no channel', '/Verifications', { To: NUMBER }],
  ['an unknown channel', '/Verifications', { To: NUMBER, Channel: 'fax' }],
  ['a custom code of three characters', '/Verifications', { To: NUMBER, Channel: 'sms', CustomCode: '123' }],
  ['a check of nothing', '/VerificationCheck', { Code: '123456' }],
  ['a check without a code', '/VerificationCheck', { To: NUMBER }],
  ['a malformed sid', '/VerificationCheck', { VerificationSid: 'VE1', Code: '123456' }],
];

for (const [what, path, form] of INVALID) {
  test(`${what} is an invalid parameter`, async ({ twilio }) => {
    expect(await post(twilio, path, form)).toMatchObject({ status: 400, body: { code: 60200, status: 400 } });
  });
}

test('an update needs a status that ends the verification', async ({ twilio }) => {
  const { body } = await start(twilio, NUMBER);
  expect(await post(twilio, `/Verifications/${body.sid}`, { Status: 'pending' })).toMatchObject({ body: { code: 60200 } });
});

test('a JSON body has no parameters and is noted as a violation', async ({ twilio }) => {
  const reply = await post(twilio, '/Verifications', { To: NUMBER, Channel: 'sms' }, { 'content-type': 'application/json' });
  expect(reply).toMatchObject({ status: 400, body: { code: 60200 } });
  expect(twilio.violations).toEqual(['start came as "application/json", not as a form']);
});

test('an unknown parameter is noted as a violation', async ({ twilio }) => {
  await start(twilio, NUMBER, { locale: 'ko' });
  expect(twilio.violations).toEqual(['start has an unknown locale']);
});

test('wrong credentials and another service are refused', async ({ twilio }) => {
  const stranger = await post(twilio, '/Verifications', { To: NUMBER, Channel: 'sms' }, { authorization: 'Basic eDp5' });
  expect(stranger).toMatchObject({ status: 401, body: { code: 20003 } });
  const { serviceSid } = twilio.settings;
  twilio.settings.serviceSid = 'VAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
  const elsewhere = start(twilio, NUMBER);
  twilio.settings.serviceSid = serviceSid;
  expect(await elsewhere).toMatchObject(NOT_FOUND);
});

for (const [code, answer] of Object.entries(twilioErrors)) {
  test(`the error ${code} is answered once to the operation it is meant for`, async ({ twilio }) => {
    twilio.script(NUMBER, [{ on: 'check', answer }]);
    expect((await start(twilio, NUMBER)).status).toBe(201);
    const right = { To: NUMBER, Code: twilio.codeFor(NUMBER) };
    expect(await check(twilio, right)).toEqual({ status: answer.status, body: JSON.parse(answer.body) });
    expect(await check(twilio, right)).toMatchObject({ status: 200, body: { valid: true } });
  });
}

test('a check by sid meets what was scripted for its number', async ({ twilio }) => {
  const { body } = await start(twilio, NUMBER);
  const Code = twilio.codeFor(NUMBER);
  const VerificationSid = String(body.sid);
  twilio.script(NUMBER, [{ patch: { status: 'canceled', valid: false } }]);
  expect(await check(twilio, { VerificationSid, Code })).toMatchObject({ status: 200, body: { status: 'canceled' } });
});

test('an accepted start may look like a failure', async ({ twilio }) => {
  twilio.script(NUMBER, [{ answer: { status: 504, body: '{}' }, accepted: true }, { patch: { to: '+821000000000', sid: `VE${'0'.repeat(32)}` } }]);
  expect(await start(twilio, NUMBER)).toEqual({ status: 504, body: {} });
  expect(twilio.codeFor(NUMBER)).toMatch(/^\d{6}$/);
  expect(await start(twilio, NUMBER)).toMatchObject({ status: 201, body: { to: '+821000000000', sid: `VE${'0'.repeat(32)}` } });
});
