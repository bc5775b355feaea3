import { expect, test as base } from '@playwright/test';
import { messagingErrors } from './twilio_messaging_errors';
import { startReceiver } from './twilio_callback_receiver';
import { fetchMessage, sendMessage, TEXT } from './twilio_messaging_caller';
import { startTwilioMessaging, type TwilioMessaging } from './twilio_messaging';
import { outcomes, type Step } from './twilio_text_message';

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const test = base.extend<{ twilio: TwilioMessaging; receiver: Receiver }>({
  twilio: async ({}, use) => {
    const twilio = await startTwilioMessaging();
    await use(twilio);
    await twilio.close();
  },
  receiver: async ({ twilio }, use) => {
    const receiver = await startReceiver(twilio.settings.authToken);
    await use(receiver);
    await receiver.close();
  },
});

const NUMBER = '+821012345678';

test('a send answers the whole message, and reaches the phone', async ({ twilio }) => {
  const { accountSid, from } = twilio.settings;
  const { status, body } = await sendMessage(twilio, NUMBER);
  expect(status).toBe(201);
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${String(body.sid)}`;
  expect(body).toEqual({
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: TEXT,
    date_created: expect.stringMatching(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/),
    date_sent: null,
    date_updated: body.date_created,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    status: 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: NUMBER,
    uri: `${uri}.json`,
  });
  expect(twilio.inbox(NUMBER)).toEqual([TEXT]);
  expect(twilio.lastCode(NUMBER)).toBe('123456');
  expect(twilio.violations).toEqual([]);
});

test('with a service the message is accepted first and has no sender yet', async ({ twilio, receiver }) => {
  const { messagingServiceSid } = twilio.settings;
  const changes = { From: undefined, MessagingServiceSid: messagingServiceSid, StatusCallback: receiver.url };
  const { body } = await sendMessage(twilio, NUMBER, changes);
  expect(body).toMatchObject({ status: 'accepted', from: null, messaging_service_sid: messagingServiceSid, num_segments: '0' });
  await expect.poll(() => receiver.received.map((one) => one.form.MessageStatus)).toEqual(['queued', 'sent', 'delivered']);
});

const ENDS: [keyof typeof outcomes, string[], string, number | null][] = [
  ['delivered', ['sent', 'delivered'], 'delivered', null],
  ['undelivered', ['sent', 'undelivered'], 'undelivered', 30003],
  ['failed', ['failed'], 'failed', 30008],
  ['priceRefused', ['failed'], 'failed', 30010],
  ['outOfOrder', ['delivered', 'sent'], 'delivered', null],
  ['repeated', ['sent', 'delivered', 'delivered'], 'delivered', null],
  ['contradicted', ['delivered', 'undelivered'], 'delivered', null],
  ['untold', [], 'delivered', null],
  ['untoldFailure', [], 'undelivered', 30003],
];

for (const [name, told, status, errorCode] of ENDS) {
  test(`the outcome ${name} is told and shown`, async ({ twilio, receiver }) => {
    twilio.script(NUMBER, [{ on: 'send', outcome: outcomes[name] }]);
    const { body } = await sendMessage(twilio, NUMBER, { StatusCallback: receiver.url });
    const sid = String(body.sid);
    await expect.poll(async () => (await fetchMessage(twilio, sid)).body).toMatchObject({ sid, status, error_code: errorCode });
    await expect.poll(() => receiver.received.map((one) => one.form.MessageStatus)).toEqual(told);
    for (const { form, isAuthentic } of receiver.received) {
      expect(isAuthentic, 'the official package judges the signature').toBe(true);
      expect(form).toMatchObject({ MessageSid: sid, To: NUMBER, From: twilio.settings.from, AccountSid: twilio.settings.accountSid });
    }
    const last = receiver.received.at(-1)?.form;
    if (last?.MessageStatus === 'failed') expect(last.ErrorCode).toBe(String(errorCode));
    expect(twilio.inbox(NUMBER)).toEqual(status === 'delivered' ? [TEXT] : []);
  });
}

test('a forged callback has a signature that does not hold, and changes nothing', async ({ twilio, receiver }) => {
  twilio.script(NUMBER, [{ outcome: outcomes.forged }]);
  const { body } = await sendMessage(twilio, NUMBER, { StatusCallback: receiver.url });
  await expect.poll(() => receiver.received.map((one) => one.isAuthentic)).toEqual([true, false]);
  expect((await fetchMessage(twilio, String(body.sid))).body.status).toBe('sent');
  expect(twilio.inbox(NUMBER)).toEqual([TEXT]);
});

test('a callback may overtake the answer to the send', async ({ twilio, receiver }) => {
  twilio.script(NUMBER, [{ on: 'send', delayMs: 600 }]);
  const sending = sendMessage(twilio, NUMBER, { StatusCallback: receiver.url });
  await expect.poll(() => receiver.received.length).toBe(2);
  expect((await sending).body).toMatchObject({ sid: receiver.received[0]?.form.MessageSid, status: 'queued' });
});

test('a callback that fails on the other side is a violation, and what it was answered is kept', async ({ twilio }) => {
  for (const [status, violations] of [[401, 0], [500, 1]] as const) {
    const receiver = await startReceiver(twilio.settings.authToken, status);
    expect(await twilio.callBack(receiver.url, { MessageStatus: 'delivered' })).toBe(status);
    expect(twilio.violations).toHaveLength(violations);
    await receiver.close();
    expect(await twilio.callBack(receiver.url, { MessageStatus: 'delivered' })).toBeUndefined();
  }
});

test('other credentials, another account, another path and an unknown message are refused', async ({ twilio }) => {
  const { accountSid, authToken } = twilio.settings;
  const wrong = { authorization: `Basic ${Buffer.from(`${accountSid}:nonsense`).toString('base64')}` };
  expect(await sendMessage(twilio, NUMBER, {}, wrong)).toMatchObject({ status: 401, body: { code: 20003 } });
  const right = { headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` } };
  const elsewhere = `/2010-04-01/Accounts/AC${'b'.repeat(32)}/Messages.json`;
  for (const path of [elsewhere, '/2010-04-01/Accounts', '/v2/Services']) {
    const response = await fetch(twilio.url + path, right);
    expect([response.status, await response.json()]).toMatchObject([404, { code: 20404, message: expect.stringContaining(path) }]);
  }
  expect(await fetchMessage(twilio, `SM${'0'.repeat(32)}`)).toMatchObject({ status: 404, body: { code: 20404 } });
  expect(twilio.sent).toEqual([]);
});

const REFUSED: [string, Record<string, string | undefined>, keyof typeof messagingErrors][] = [
  ['no recipient', { To: undefined }, 21604],
  ['a recipient in national form', { To: '01012345678' }, 21211],
  ['no sender', { From: undefined }, 21603],
  ['a sender of somebody else', { From: '+15005550001' }, 21659],
  ['an unknown service', { From: undefined, MessagingServiceSid: `MG${'b'.repeat(32)}` }, 21703],
  ['no text', { Body: undefined }, 21602],
  ['a text of 1,601 characters', { Body: 'a'.repeat(1601) }, 21617],
  ['a callback without a scheme', { StatusCallback: 'example.com/hooks' }, 21609],
  ['a callback with an underscore in its host', { StatusCallback: 'https://my_host.example/hooks' }, 21609],
];

for (const [what, changes, code] of REFUSED) {
  test(`${what} is refused with ${code}`, async ({ twilio }) => {
    const answer = messagingErrors[code];
    expect(await sendMessage(twilio, NUMBER, changes)).toEqual({ status: answer.status, body: JSON.parse(answer.body) });
    expect(twilio.sent).toEqual([]);
  });
}

const CARELESS: [string, Record<string, string | undefined>, RegExp][] = [
  ['an unknown parameter', { Text: 'hello' }, /unknown Text/],
  ['both kinds of sender', { MessagingServiceSid: 'MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, /both a From and/],
  ['a price of nothing', { MaxPrice: '0' }, /MaxPrice is "0"/],
  ['an endless queue', { ValidityPeriod: '36001' }, /ValidityPeriod is "36001"/],
  ['a broken origin-bound line', { Body: '[123456]\n@localhost:3000 #123456' }, /not an origin-bound code/],
];

for (const [what, changes, violation] of CARELESS) {
  test(`${what} is accepted and noted as a violation`, async ({ twilio }) => {
    expect((await sendMessage(twilio, NUMBER, changes)).status).toBe(201);
    expect(twilio.violations).toEqual([expect.stringMatching(violation)]);
  });
}

test('a body that is no form is noted and has no fields', async ({ twilio }) => {
  const { status, body } = await sendMessage(twilio, NUMBER, {}, { 'content-type': 'application/json' });
  expect([status, body.code]).toEqual([400, 21604]);
  expect(twilio.violations.join()).toMatch(/came as "application\/json"/);
});

test('Korean carriers lose what EUC-KR cannot say, others do not', async ({ twilio }) => {
  await sendMessage(twilio, NUMBER, { Body: '인증번호 [123456] 😀' });
  expect(twilio.violations).toEqual(['EUC-KR has no "😀"']);
  expect(twilio.inbox(NUMBER)).toEqual([]);
  await sendMessage(twilio, '+819012345678', { Body: '認証コード [654321] 😀' });
  expect(twilio.lastCode('+819012345678')).toBe('654321');
});

for (const [code, answer] of Object.entries(messagingErrors)) {
  test(`the error ${code} is answered once to the number it is meant for`, async ({ twilio }) => {
    twilio.script(NUMBER, [{ on: 'send', answer }]);
    expect((await sendMessage(twilio, '+821087654321')).status).toBe(201);
    expect(await sendMessage(twilio, NUMBER)).toEqual({ status: answer.status, body: JSON.parse(answer.body) });
    expect((await sendMessage(twilio, NUMBER)).status).toBe(201);
    expect(twilio.inbox(NUMBER)).toHaveLength(1);
  });
}

test('a message that was sent may look like a failure', async ({ twilio, receiver }) => {
  const steps: Step[] = outcomes.delivered;
  twilio.script(NUMBER, [{ on: 'send', answer: { status: 504, body: '{}' }, accepted: true, outcome: steps }]);
  expect(await sendMessage(twilio, NUMBER, { StatusCallback: receiver.url })).toEqual({ status: 504, body: {} });
  await expect.poll(() => receiver.received.length).toBe(2);
  expect(twilio.inbox(NUMBER)).toHaveLength(1);
});
