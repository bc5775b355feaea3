import { expect, test as base } from '@playwright/test';
import { startSens, type Sens } from './sens';
import { sensErrors } from './sens_answers';
import { sendText } from './sens_caller';
import { callTalk, result, sendTalk, SMS, TALK } from './sens_alimtalk_caller';
import { startSensAlimtalk, type SensAlimtalk } from './sens_alimtalk';
import { talkOutcomes } from './sens_alimtalk_message';
import { fits } from './sens_alimtalk_template';

const test = base.extend<{ sens: Sens; talk: SensAlimtalk }>({
  sens: async ({}, use) => {
    const sens = await startSens();
    await use(sens);
    await sens.close();
  },
  talk: async ({ sens }, use) => {
    const talk = await startSensAlimtalk({ sms: sens });
    await use(talk);
    await talk.close();
  },
});

const NUMBER = '01012345678';

test('a careful send is accepted with a message id, and reaches the phone', async ({ talk }) => {
  const response = await sendTalk(talk, NUMBER);
  expect(response.status).toBe(202);
  const [sent] = talk.sent;
  expect(await response.json()).toEqual({
    requestId: sent?.requestId,
    requestTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    statusCode: '202',
    statusName: 'success',
    messages: [
      {
        messageId: sent?.messageId,
        countryCode: '82',
        to: NUMBER,
        content: TALK,
        requestStatusCode: 'A000',
        requestStatusName: 'success',
        requestStatusDesc: 'success',
        useSmsFailover: true,
      },
    ],
  });
  expect(talk.inbox(NUMBER)).toEqual([TALK]);
  expect(talk.lastCode(NUMBER)).toBe('123456');
  expect(talk.violations).toEqual([]);
});

test('a talk that is delivered is processed first, then a success, and no text message goes out', async ({ talk }) => {
  await sendTalk(talk, NUMBER);
  const first = await result(talk);
  expect(first).toMatchObject({ messageId: talk.sent[0]?.messageId, to: NUMBER, templateCode: 'signup01', messageStatusName: 'processing' });
  expect(first).not.toHaveProperty('messageStatusCode');
  const second = await result(talk);
  expect(second).toMatchObject({ requestStatusCode: 'A000', messageStatusCode: '0000', messageStatusName: 'success', useSmsFailover: true });
  expect(second).not.toHaveProperty('failover');
});

test('a talk that fails goes out as a text message, which has a result of its own', async ({ talk }) => {
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await sendTalk(talk, NUMBER);
  expect(await result(talk)).not.toHaveProperty('failover');
  for (const messageStatus of ['READY', 'PROCESSING']) {
    const one = await result(talk);
    expect(one).toMatchObject({ messageStatusCode: '3019', messageStatusName: 'fail', failover: { requestStatusCode: '202', messageStatus } });
    expect(one.failover).not.toHaveProperty('messageStatusCode');
  }
  expect(await result(talk)).toMatchObject({ failover: { messageStatus: 'COMPLETED', messageStatusCode: '0', messageStatusName: 'success' } });
  expect(talk.inbox(NUMBER)).toEqual([SMS]);
});

test('both may fail', async ({ talk }) => {
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.bothFailed }]);
  await sendTalk(talk, NUMBER);
  for (let looks = 0; looks < 3; looks++) await result(talk);
  expect(await result(talk)).toMatchObject({ messageStatusName: 'fail', failover: { messageStatus: 'COMPLETED', messageStatusCode: '3001', messageStatusName: 'fail' } });
  expect(() => talk.lastCode(NUMBER)).toThrow('no code has reached 01012345678');
});

test('a talk without failover fails alone', async ({ talk }) => {
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await sendTalk(talk, NUMBER, { useSmsFailover: false, failoverConfig: undefined });
  await result(talk);
  const end = await result(talk);
  expect(end).toMatchObject({ messageStatusName: 'fail', useSmsFailover: false });
  expect(end).not.toHaveProperty('failover');
  expect([talk.inbox(NUMBER), talk.violations]).toEqual([[], []]);
});

const NOT_APPROVED: [string, object, object][] = [
  ['another text', { content: `${TALK}!` }, {}],
  ['a variable that was not filled in', { content: TALK.replace('123456', '#{인증번호}') }, {}],
  ['another template', {}, { templateCode: 'signup02' }],
];

for (const [what, ofMessage, ofRequest] of NOT_APPROVED) {
  test(`${what} is accepted as a request and refused as a message`, async ({ talk }) => {
    const response = await sendTalk(talk, NUMBER, ofMessage, ofRequest);
    expect(response.status).toBe(202);
    const body = (await response.json()) as object;
    expect(body).toMatchObject({ statusName: 'success', messages: [{ requestStatusCode: 'B001', requestStatusName: 'fail' }] });
    expect(talk.inbox(NUMBER)).toEqual([]);
    for (let looks = 0; looks < 4; looks++) expect(await result(talk)).not.toHaveProperty('failover');
  });
}

test('what was not accepted may go out as a text message all the same', async ({ talk }) => {
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.notAccepted }]);
  const body = (await (await sendTalk(talk, NUMBER)).json()) as object;
  expect(body).toMatchObject({ messages: [{ requestStatusCode: 'A001', requestStatusName: 'fail' }] });
  for (let looks = 0; looks < 3; looks++) await result(talk);
  const end = await result(talk);
  expect(end).toMatchObject({ requestStatusName: 'fail', failover: { messageStatus: 'COMPLETED', messageStatusName: 'success' } });
  expect(end).not.toHaveProperty('messageStatusName');
  expect(talk.inbox(NUMBER)).toEqual([SMS]);
});

test('a text that is not the approved one may also fail at Kakao, and goes out as a text message', async () => {
  const talk = await startSensAlimtalk({ mismatch: 'fails' });
  expect(await (await sendTalk(talk, NUMBER, { content: `${TALK}!` })).json()).toMatchObject({ messages: [{ requestStatusCode: 'A000' }] });
  await result(talk);
  expect(await result(talk)).toMatchObject({ messageStatusCode: '3016', messageStatusName: 'fail', failover: { messageStatus: 'READY' } });
  expect(talk.inbox(NUMBER)).toEqual([SMS]);
  await talk.close();
});

test('a text fits its template when only the variables differ', () => {
  const template = '[A+B] 인증번호 #{번호} (#{분}분)';
  expect(fits(template, '[A+B] 인증번호 123456 (3분)')).toBe(true);
  for (const other of ['[A+B] 인증번호  (3분)', '[AAB] 인증번호 123456 (3분)', '[A+B] 인증번호 12\n56 (3분)', `${template}`, '[A+B] 인증번호 123456 (3분) ']) {
    expect(fits(template, other), other).toBe(false);
  }
});

test('a text message of more than 90 bytes is accepted, noted, and loses its end', async ({ talk }) => {
  const content = `${'가'.repeat(40)}\n@example.com #123456`;
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await sendTalk(talk, NUMBER, { failoverConfig: { type: 'SMS', from: talk.settings.sender, content } });
  expect(talk.violations[0]).toMatch(/101 EUC-KR bytes, more than 90/);
  expect(talk.inbox(NUMBER)).toEqual([`${'가'.repeat(40)}\n@example.`]);
});

test('an emoji is fine in a talk and fails as a text message', async () => {
  const talk = await startSensAlimtalk({ template: '인증번호 #{인증번호} 😀' });
  const failoverConfig = { type: 'SMS', from: talk.settings.sender, content: '인증번호 [123456] 😀' };
  await sendTalk(talk, NUMBER, { content: '인증번호 123456 😀', failoverConfig });
  expect(talk.inbox(NUMBER)).toEqual(['인증번호 123456 😀']);
  expect(talk.violations).toEqual(['EUC-KR has no "😀"']);
  talk.script(NUMBER, [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await sendTalk(talk, NUMBER, { content: '인증번호 123456 😀', failoverConfig });
  for (let looks = 0; looks < 3; looks++) await result(talk);
  expect(await result(talk)).toMatchObject({ failover: { messageStatusCode: '3022', messageStatusName: 'fail' } });
  await talk.close();
});

const BAD_REQUESTS: [string, object, object, RegExp][] = [
  ['a hyphen in the number', { to: '010-1234-5678' }, {}, /digits only: 010-1234-5678/],
  ['a country code with a plus', { countryCode: '+82' }, {}, /countryCode is not a number/],
  ['no text', { content: undefined }, {}, /content is missing/],
  ['another channel', {}, { plusFriendId: '@elsewhere' }, /plusFriendId is "@elsewhere"/],
  ['no template', {}, { templateCode: undefined }, /templateCode is missing/],
  ['no message', {}, { messages: [] }, /0 messages/],
];

for (const [what, ofMessage, ofRequest, violation] of BAD_REQUESTS) {
  test(`${what} is a bad request`, async ({ talk }) => {
    const response = await sendTalk(talk, NUMBER, ofMessage, ofRequest);
    expect([response.status, await response.json()]).toEqual([400, JSON.parse(sensErrors.badRequest.body)]);
    expect(talk.violations.join()).toMatch(violation);
    expect(talk.sent).toEqual([]);
  });
}

const CARELESS: [string, object, RegExp][] = [
  ['a country code glued to the number', { to: '821012345678' }, /not in national form/],
  ['an unknown field', { secret: 1 }, /unknown field secret/],
  ['a failover left to the console', { useSmsFailover: undefined, failoverConfig: undefined }, /left to the console/],
  ['a failover without a text', { failoverConfig: { type: 'SMS', from: '15880000' } }, /content is missing/],
  ['a failover from another number', { failoverConfig: { type: 'SMS', from: '15889999', content: SMS } }, /not a registered sender/],
  ['a failover as a long message', { failoverConfig: { type: 'LMS', from: '15880000', content: SMS } }, /type is "LMS", not SMS/],
  ['a failover with a broken origin-bound line', { failoverConfig: { type: 'SMS', from: '15880000', content: `${SMS}\n` } }, /not an origin-bound code/],
];

for (const [what, ofMessage, violation] of CARELESS) {
  test(`${what} is accepted and noted as a violation`, async ({ talk }) => {
    expect((await sendTalk(talk, NUMBER, ofMessage)).status).toBe(202);
    expect(talk.violations).toEqual([expect.stringMatching(violation)]);
  });
}

test('unsigned, wrongly signed, at another service and at another path', async ({ talk }) => {
  const missing = await callTalk(talk, 'POST', '/messages', {}, { 'x-ncp-apigw-signature-v2': '' });
  expect([missing.status, await missing.json()]).toEqual([401, JSON.parse(sensErrors.authenticationMissing.body)]);
  const invalid = await callTalk(talk, 'POST', '/messages', {}, { 'x-ncp-apigw-timestamp': String(Date.now() - 300_000) });
  expect([invalid.status, await invalid.json()]).toEqual([401, JSON.parse(sensErrors.authenticationInvalid.body)]);
  const elsewhere = { url: talk.url, settings: { ...talk.settings, serviceId: 'ncp:kkobizmsg:kr:1:elsewhere' } };
  expect((await callTalk(elsewhere, 'POST', '/messages', {})).status).toBe(403);
  expect((await callTalk(talk, 'GET', '/messages/aa724ca6-0000-4000-8000-66dfc1a700e7')).status).toBe(404);
  expect((await callTalk(talk, 'DELETE', '/messages?requestId=1')).status).toBe(404);
  expect((await fetch(`${talk.url}/alimtalk/v1/messages`)).status).toBe(404);
});

test('a list shows the talks of a request', async ({ talk }) => {
  await sendTalk(talk, NUMBER);
  const { requestId, messageId } = talk.sent[0]!;
  const list = await callTalk(talk, 'GET', `/messages?requestId=${requestId}`);
  expect(await list.json()).toMatchObject({ requestId, statusName: 'success', messages: [{ messageId, messageStatusName: 'processing' }] });
  expect((await callTalk(talk, 'GET', '/messages')).status).toBe(400);
});

test('talks and text messages of the vendor are answered at each other’s address', async ({ sens, talk }) => {
  const atTheSameAddress = { url: talk.url, settings: sens.settings } as Sens;
  expect((await sendText(atTheSameAddress, NUMBER)).status).toBe(202);
  expect(sens.lastCode(NUMBER)).toBe('123456');
  expect([talk.arrivals, talk.sent, sens.violations]).toEqual([[], [], []]);
  expect((await callTalk({ url: sens.url, settings: talk.settings }, 'GET', '/messages?requestId=1')).status).toBe(200);
  expect([sens.arrivals.length, talk.arrivals.length]).toEqual([1, 1]);
});

test('a fault is answered once to the number it is meant for', async ({ talk }) => {
  talk.script(NUMBER, [{ on: 'send', answer: sensErrors.quotaExceeded }, { on: 'get', answer: sensErrors.endpointError }]);
  expect((await sendTalk(talk, NUMBER)).status).toBe(429);
  expect(talk.sent).toEqual([]);
  expect((await sendTalk(talk, NUMBER)).status).toBe(202);
  expect((await callTalk(talk, 'GET', `/messages/${talk.sent[0]?.messageId}`)).status).toBe(503);
  expect(await result(talk)).toMatchObject({ messageStatusName: 'success' });
});
