import { expect, test as base } from '@playwright/test';
import { empty, htmlPage, redirect, type Answer } from './http';
import { startSolapi, type Solapi } from './solapi';
import { solapiErrors, statusMessages } from './solapi_answers';
import { call, list, sendTalk, sendText, TEXT } from './solapi_caller';
import { authorizationOf } from './solapi_signature';

const test = base.extend<{ solapi: Solapi }>({
  solapi: async ({}, use) => {
    const solapi = await startSolapi();
    await use(solapi);
    await solapi.close();
  },
});

const NUMBER = '01012345678';
const SEND = '/messages/v4/send-many/detail';

interface Answered {
  failedMessageList: { statusCode: string }[];
  groupInfo: { groupId: string; count: { total: number; registeredFailed: number; registeredSuccess: number } };
  messageList?: object[];
}

async function answered(response: Response): Promise<Answered> {
  expect(response.status).toBe(200);
  return (await response.json()) as Answered;
}

test('a careful send is taken, with a group and no list, and reaches the phone', async ({ solapi }) => {
  const answer = await answered(await sendText(solapi, NUMBER));
  expect(answer.groupInfo).toMatchObject({
    groupId: expect.stringMatching(/^G4V\d{14}[A-Z0-9]{15}$/),
    count: { total: 1, registeredFailed: 0, registeredSuccess: 1 },
    countForCharge: { sms: { 82: 1 }, ata: {} },
  });
  expect([answer.failedMessageList, answer.messageList]).toEqual([[], undefined]);
  expect([solapi.inbox(NUMBER), solapi.lastCode(NUMBER)]).toEqual([[TEXT], '123456']);
  expect(solapi.violations).toEqual([]);
});

test('the messages are listed to whoever asks for them', async ({ solapi }) => {
  const { messageList } = await answered(await sendText(solapi, NUMBER, {}, { showMessageList: true }));
  const [message] = solapi.sent;
  expect(messageList).toEqual([{ messageId: message?.messageId, statusCode: '2000', statusMessage: statusMessages['2000'], customFields: {} }]);
});

test('a text is unknown to the list at first, then taken, at the carrier, and done', async ({ solapi }) => {
  await sendText(solapi, NUMBER);
  expect(await list(solapi)).toEqual([]);
  expect(await list(solapi)).toMatchObject([{ type: 'SMS', status: 'PENDING', statusCode: '2000' }]);
  expect(await list(solapi, 'messageId')).toMatchObject([{ status: 'SENDING', statusCode: '3000' }]);
  for (let i = 0; i < 2; i++) {
    expect(await list(solapi)).toMatchObject([{ status: 'COMPLETE', statusCode: '4000', networkName: 'SKT', to: NUMBER, replacement: false }]);
  }
  expect(solapi.violations).toEqual([]);
});

test('a text that fails at the carrier never reaches the phone', async ({ solapi }) => {
  solapi.script(NUMBER, [{ delivery: { sms: '3043' } }]);
  await sendText(solapi, NUMBER);
  for (let i = 0; i < 3; i++) await list(solapi);
  expect(await list(solapi)).toMatchObject([{ status: 'COMPLETE', statusCode: '3043', reason: '단말기 Power off' }]);
  expect(() => solapi.lastCode(NUMBER)).toThrow('no code has reached 01012345678');
});

test('a talk is shown with its values, and is of its own type', async ({ solapi }) => {
  await answered(await sendTalk(solapi, NUMBER));
  expect(solapi.inbox(NUMBER)).toEqual(['[Beonho] 인증번호는 123456입니다.']);
  for (let i = 0; i < 3; i++) await list(solapi);
  expect(await list(solapi)).toMatchObject([{ type: 'ATA', statusCode: '4000', replacement: false }]);
  expect(solapi.violations).toEqual([]);
});

test('a text goes out where there is no Kakao; the failure that shows meanwhile is not the end', async ({ solapi }) => {
  solapi.script(NUMBER, [{ delivery: { talk: '3104' } }]);
  await sendTalk(solapi, NUMBER);
  await list(solapi);
  expect(await list(solapi)).toMatchObject([{ type: 'ATA', status: 'PENDING', statusCode: '2000' }]);
  expect(await list(solapi)).toMatchObject([{ type: 'ATA', status: 'SENDING', statusCode: '3104' }]);
  expect(await list(solapi)).toMatchObject([{ type: 'SMS', status: 'SENDING', statusCode: '3000', replacement: true }]);
  expect(await list(solapi)).toMatchObject([{ type: 'SMS', status: 'COMPLETE', statusCode: '4000', replacement: true }]);
  expect(solapi.inbox(NUMBER)).toEqual([TEXT]);
});

test('the text in its place may be a message of its own in the same group', async () => {
  const solapi = await startSolapi({ replacing: 'new_message' });
  solapi.script(NUMBER, [{ delivery: { talk: '3104' } }]);
  await sendTalk(solapi, NUMBER);
  await list(solapi);
  expect(await list(solapi)).toMatchObject([{ type: 'ATA', statusCode: '2000' }]);
  const talk = { type: 'ATA', status: 'COMPLETE', statusCode: '3104' };
  expect(await list(solapi)).toMatchObject([talk, { type: 'SMS', statusCode: '3000', replacement: true }]);
  expect(await list(solapi)).toMatchObject([talk, { type: 'SMS', status: 'COMPLETE', statusCode: '4000' }]);
  expect(await list(solapi, 'messageId')).toMatchObject([talk]);
  await solapi.close();
});

test('no text goes out in the place of a talk that forbids it, or when the carrier fails too', async ({ solapi }) => {
  solapi.script(NUMBER, [{ on: 'send', delivery: { talk: '3104' } }, { on: 'send', delivery: { talk: '3104', sms: '3032' } }]);
  await sendTalk(solapi, NUMBER, { disableSms: true });
  for (let i = 0; i < 3; i++) await list(solapi);
  expect(await list(solapi)).toMatchObject([{ type: 'ATA', status: 'COMPLETE', statusCode: '3104' }]);
  expect(solapi.violations.splice(0)).toEqual(['nothing goes out where there is no Kakao']);
  await sendTalk(solapi, NUMBER);
  for (let i = 0; i < 4; i++) await list(solapi);
  expect(await list(solapi)).toMatchObject([{ type: 'SMS', status: 'COMPLETE', statusCode: '3032' }]);
  expect(solapi.inbox(NUMBER)).toEqual([]);
});

const REFUSED: [string, string, object][] = [
  ['no number', '1010', { to: '' }],
  ['no text', '1010', { text: undefined }],
  ['a hyphen in the number', '1011', { to: '010-1234-5678' }],
  ['an unknown type', '1025', { type: 'PIGEON' }],
  ['an unregistered sender', '1062', { from: '15889999' }],
  ['an emoji', '1029', { text: '[123456] 😀' }],
  ['more than an SMS holds, sent as one', '1031', { type: 'SMS', text: '가'.repeat(46) }],
  ['a talk that is said to be an SMS', '1033', { type: 'SMS', kakaoOptions: { pfId: 'x' } }],
  ['an unknown channel', '1041', { kakaoOptions: { pfId: 'x' } }],
];

for (const [what, code, changes] of REFUSED) {
  test(`${what} is a success in which nothing was taken`, async ({ solapi }) => {
    const { failedMessageList, groupInfo } = await answered(await sendText(solapi, NUMBER, changes));
    expect(failedMessageList).toMatchObject([{ statusCode: code, statusMessage: expect.stringMatching(/./) }]);
    expect(groupInfo.count).toMatchObject({ total: 1, registeredFailed: 1, registeredSuccess: 0 });
    expect(solapi.sent).toEqual([]);
    expect(solapi.violations).toContain(`a message is refused with ${code}`);
  });
}

test('an unknown template and a missing value are refused', async ({ solapi }) => {
  const refused = async (changes: object) => (await answered(await sendTalk(solapi, NUMBER, changes))).failedMessageList[0]?.statusCode;
  expect(await refused({ templateId: 'other' })).toBe('1042');
  expect(await refused({ variables: {} })).toBe('1043');
  expect(await refused({ variables: { 인증번호: '123456' } })).toBe('1043');
  expect(solapi.violations).toContain('a variable is not named #{…}: 인증번호');
});

test('a number that stands twice in a send is refused the second time, unless that is wanted', async ({ solapi }) => {
  const message = { to: NUMBER, from: solapi.settings.sender, text: TEXT };
  const twice = { messages: [message, message] };
  expect((await answered(await call(solapi, 'POST', SEND, twice))).failedMessageList).toMatchObject([{ statusCode: '1026' }]);
  expect((await answered(await call(solapi, 'POST', SEND, { ...twice, allowDuplicates: true }))).failedMessageList).toEqual([]);
  expect(solapi.sent).toHaveLength(3);
});

for (const code of ['1026', '1062', '2230']) {
  test(`${code} can be scripted for a number`, async ({ solapi }) => {
    solapi.script(NUMBER, [{ refuse: code }]);
    expect((await answered(await sendText(solapi, NUMBER))).failedMessageList).toMatchObject([{ statusCode: code }]);
    expect([solapi.sent, solapi.violations]).toEqual([[], []]);
    expect((await answered(await sendText(solapi, NUMBER))).failedMessageList).toEqual([]);
  });
}

const ANSWERS: Record<string, Answer> = { ...solapiErrors, html: htmlPage(200), empty: empty(200), redirect: redirect('/elsewhere') };

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`the answer "${name}" is given once, and nothing is sent`, async ({ solapi }) => {
    solapi.script(NUMBER, [{ answer }]);
    const response = await sendText(solapi, NUMBER);
    expect([response.status, await response.text()]).toEqual([answer.status, answer.body]);
    expect(solapi.sent).toEqual([]);
    expect((await sendText(solapi, NUMBER)).status).toBe(200);
  });
}

test('a lost answer may hide a text that went out', async ({ solapi }) => {
  solapi.script(NUMBER, [{ on: 'send', cut: 'after_reading', accepted: true }, { on: 'list', answer: solapiErrors.internal }]);
  await expect(sendText(solapi, NUMBER)).rejects.toThrow('fetch failed');
  expect(solapi.lastCode(NUMBER)).toBe('123456');
  const { groupId } = solapi.sent[0]!;
  expect((await call(solapi, 'GET', `/messages/v4/list?groupId=${groupId}`)).status).toBe(500);
});

const CARELESS: [string, object, object, RegExp][] = [
  ['a text as long as an LMS', { text: `${'가'.repeat(40)}\n@example.com #123456` }, {}, /an LMS.*101 EUC-KR bytes, more than 90/],
  ['a country code glued to the number', { to: '821012345678' }, {}, /not in national form/],
  ['an unknown field', {}, { secret: 1 }, /the send has an unknown secret/],
  ['an unknown field of a message', { sender: 1 }, {}, /a message has an unknown sender/],
  ['two codes that differ', { text: '[123456]\n@example.com #654321' }, {}, /not in the text above/],
];

for (const [what, changes, more, violation] of CARELESS) {
  test(`${what} is taken and noted as a violation`, async ({ solapi }) => {
    expect((await answered(await sendText(solapi, NUMBER, changes, more))).failedMessageList).toEqual([]);
    expect(solapi.violations.join()).toMatch(violation);
  });
}

test('a text beside a talk must be the talk', async ({ solapi }) => {
  const refused = async (text: string) => (await answered(await sendTalk(solapi, NUMBER, {}, { text }))).failedMessageList[0]?.statusCode;
  expect(await refused('[Beonho] 인증번호는 123456입니다.')).toBeUndefined();
  expect(await refused(TEXT)).toBe('1043');
});

test('without a text for where there is no Kakao the words of the talk go out, which is noted', async ({ solapi }) => {
  solapi.script(NUMBER, [{ delivery: { talk: '3104' } }]);
  await answered(await sendTalk(solapi, NUMBER, {}, { replacements: undefined }));
  expect(solapi.inbox(NUMBER)).toEqual(['[Beonho] 인증번호는 123456입니다.']);
  expect(solapi.violations).toEqual([expect.stringMatching(/no line binds them to an origin/)]);
});

test('a replacement for somebody else, or as something else, is noted', async ({ solapi }) => {
  const sms = { to: NUMBER, from: solapi.settings.sender, type: 'SMS', text: TEXT };
  for (const change of [{ to: '01087654321' }, { from: '15889999' }, { type: 'LMS' }]) {
    await answered(await sendTalk(solapi, NUMBER, {}, { replacements: [{ ...sms, ...change }] }));
    expect(solapi.violations.splice(0)).toEqual(['a replacement is no SMS between the same two']);
  }
});

test('no message and no JSON are a validation error', async ({ solapi }) => {
  for (const body of [{ messages: [] }, {}]) {
    const response = await call(solapi, 'POST', SEND, body, { 'content-type': 'text/plain' });
    expect([response.status, await response.json()]).toEqual([400, JSON.parse(solapiErrors.validation.body)]);
  }
  expect(solapi.violations).toContain('the body is not said to be JSON');
});

test('each way of not being authorized has its error', async ({ solapi }) => {
  const { settings } = solapi;
  const [now, long] = [new Date().toISOString(), new Date(Date.now() - 900_001).toISOString()];
  const used = authorizationOf(settings, now, 'a salt that was taken'.replaceAll(' ', '-'));
  await call(solapi, 'GET', '/messages/v4/list?groupId=1', undefined, { authorization: used });
  const cases: [string, Answer][] = [
    ['', solapiErrors.invalidApiKey],
    [authorizationOf({ ...settings, apiKey: 'other' }, now, 'salt-of-twelve'), solapiErrors.invalidApiKey],
    [authorizationOf({ ...settings, apiSecret: 'other' }, now, 'salt-of-twelve'), solapiErrors.signatureDoesNotMatch],
    [authorizationOf(settings, long, 'salt-of-twelve'), solapiErrors.requestTimeTooSkewed],
    [used, solapiErrors.duplicatedSignature],
  ];
  for (const [authorization, answer] of cases) {
    const response = await call(solapi, 'POST', SEND, {}, { authorization });
    expect([response.status, await response.text()]).toEqual([answer.status, answer.body]);
  }
});

test('other paths are not found, and a list without a question is noted', async ({ solapi }) => {
  expect((await call(solapi, 'POST', '/messages/v4/send', {})).status).toBe(404);
  expect((await call(solapi, 'DELETE', '/messages/v4/list?groupId=1')).status).toBe(404);
  expect((await call(solapi, 'GET', '/messages/v4/list?messagesId=1')).status).toBe(200);
  expect(solapi.violations).toEqual(['list is asked by messagesId', 'list is asked for everything']);
});
