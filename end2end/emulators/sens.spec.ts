import { expect, test as base } from '@playwright/test';
import { startSens, type Sens } from './sens';
import { sensErrors } from './sens_answers';
import { call, sendText, TEXT } from './sens_caller';

const test = base.extend<{ sens: Sens }>({
  sens: async ({}, use) => {
    const sens = await startSens();
    await use(sens);
    await sens.close();
  },
});

const NUMBER = '01012345678';

test('a careful send is accepted without a message id, and reaches the phone', async ({ sens }) => {
  const response = await sendText(sens, NUMBER);
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({
    requestId: sens.sent[0]?.requestId,
    requestTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    statusCode: '202',
    statusName: 'success',
  });
  expect(sens.inbox(NUMBER)).toEqual([TEXT]);
  expect(sens.lastCode(NUMBER)).toBe('123456');
  expect(sens.violations).toEqual([]);
});

test('the list is empty at first, then shows READY, PROCESSING and COMPLETED', async ({ sens }) => {
  await sendText(sens, NUMBER);
  const { requestId, messageId } = sens.sent[0]!;
  const list = async () => {
    const response = await call(sens, 'GET', `/messages?requestId=${requestId}`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { messages: { status: string; statusName: string }[] }).messages;
  };
  expect(await list()).toEqual([]);
  expect(await list()).toMatchObject([{ messageId, status: 'READY', statusName: '' }]);
  expect(await list()).toMatchObject([{ status: 'PROCESSING', statusName: '' }]);
  expect(await list()).toMatchObject([{ status: 'COMPLETED', statusCode: '0', statusName: 'success' }]);
});

test('one message is shown by its id, with the result that was scripted for its number', async ({ sens }) => {
  sens.script(NUMBER, [{ delivery: { statusCode: '3018', statusName: 'fail' } }]);
  await sendText(sens, NUMBER);
  const get = async () => (await call(sens, 'GET', `/messages/${sens.sent[0]!.messageId}`)).json();
  await get();
  await get();
  await get();
  expect(await get()).toMatchObject({
    statusCode: '200',
    messages: [{ status: 'COMPLETED', statusCode: '3018', statusName: 'fail', to: NUMBER }],
  });
  expect(() => sens.lastCode(NUMBER)).toThrow('no code has reached 01012345678');
});

test('a message that nobody sent is not found, and a list needs a question', async ({ sens }) => {
  expect((await call(sens, 'GET', '/messages/f574d3f0-0000-4000-8000-daa31f50eaf5')).status).toBe(404);
  expect((await call(sens, 'GET', '/messages')).status).toBe(400);
  expect((await call(sens, 'DELETE', '/messages?requestId=1')).status).toBe(404);
});

test('an unsigned request is missing its authentication, a wrongly signed one has an invalid one', async ({ sens }) => {
  const missing = await call(sens, 'POST', '/messages', {}, { 'x-ncp-apigw-signature-v2': '' });
  expect([missing.status, await missing.json()]).toEqual([401, JSON.parse(sensErrors.authenticationMissing.body)]);
  const invalid = await call(sens, 'POST', '/messages', {}, { 'x-ncp-apigw-timestamp': String(Date.now() - 300_000) });
  expect([invalid.status, await invalid.json()]).toEqual([401, JSON.parse(sensErrors.authenticationInvalid.body)]);
});

test('another service and another path are refused', async ({ sens }) => {
  const elsewhere = { url: sens.url, settings: { ...sens.settings, serviceId: 'ncp:sms:kr:1:elsewhere' } };
  expect((await call(elsewhere, 'POST', '/messages', {})).status).toBe(403);
  expect((await fetch(`${sens.url}/sms/v1/messages`)).status).toBe(404);
  expect((await call(sens, 'POST', '/messages/1', {})).status).toBe(404);
});

const BAD_REQUESTS: [string, object, RegExp][] = [
  ['a hyphen in the number', { messages: [{ to: '010-1234-5678' }] }, /digits only: 010-1234-5678/],
  ['a plus in the number', { messages: [{ to: '+821012345678' }] }, /digits only/],
  ['an unregistered sender', { from: '15889999' }, /not a registered sender/],
  ['no recipient', { messages: [] }, /0 messages/],
  ['101 recipients', { messages: Array.from({ length: 101 }, () => ({ to: NUMBER })) }, /101 messages/],
  ['an unknown type', { type: 'sms' }, /type is "sms"/],
  ['no text', { content: undefined }, /content is missing/],
];

for (const [what, changes, violation] of BAD_REQUESTS) {
  test(`${what} is a bad request`, async ({ sens }) => {
    const response = await sendText(sens, NUMBER, TEXT, changes);
    expect([response.status, await response.json()]).toEqual([400, JSON.parse(sensErrors.badRequest.body)]);
    expect(sens.violations.join()).toMatch(violation);
    expect(sens.sent).toEqual([]);
  });
}

const CARELESS: [string, string, object, RegExp][] = [
  ['a country code glued to the number', TEXT, { messages: [{ to: '821012345678' }] }, /not in national form/],
  ['an unknown field', TEXT, { secret: 1 }, /unknown field secret/],
  ['a newline after the origin-bound line', `${TEXT}\n`, {}, /last line is not an origin-bound code: ""/],
  ['a port in the origin-bound line', '[123456]\n@localhost:3000 #123456', {}, /not an origin-bound code/],
  ['two codes that differ', '[123456]\n@example.com #654321', {}, /not in the text above/],
];

for (const [what, content, changes, violation] of CARELESS) {
  test(`${what} is accepted and noted as a violation`, async ({ sens }) => {
    expect((await sendText(sens, NUMBER, content, changes)).status).toBe(202);
    expect(sens.violations).toEqual([expect.stringMatching(violation)]);
  });
}

test('a text of more than 90 bytes is accepted, noted, and loses its end', async ({ sens }) => {
  const text = `${'가'.repeat(40)}\n@example.com #123456`;
  expect((await sendText(sens, NUMBER, text)).status).toBe(202);
  expect(sens.violations[0]).toMatch(/101 EUC-KR bytes, more than 90/);
  expect(sens.sent[0]).toMatchObject({ submitted: text, content: `${'가'.repeat(40)}\n@example.` });
});

test('a text with an emoji is accepted, noted, and never delivered', async ({ sens }) => {
  expect((await sendText(sens, NUMBER, '인증번호 [123456] 😀')).status).toBe(202);
  expect(sens.violations).toEqual(['EUC-KR has no "😀"']);
  expect(sens.inbox(NUMBER)).toEqual([]);
});

test('a body that does not say its charset is noted', async ({ sens }) => {
  await call(sens, 'POST', '/messages', {}, { 'content-type': 'text/plain' });
  expect(sens.violations.join()).toMatch(/Content-Type is "text\/plain"/);
});
