import { expect, test } from '@playwright/test';
import { startPrism, type Prism } from './prism';
import { startReceiver } from './twilio_callback_receiver';
import { officialMessaging } from './twilio_client';
import { TEXT } from './twilio_messaging_caller';
import { startTwilioMessaging, type TwilioMessaging } from './twilio_messaging';
import { outcomes } from './twilio_text_message';

for (const way of ['directly', 'through the proxy that holds the vendor’s OpenAPI document']) {
  test.describe(`the official client, ${way}`, () => {
    test.describe.configure({ mode: 'default' });
    let twilio: TwilioMessaging;
    let prism: Prism | undefined;
    let client: ReturnType<typeof officialMessaging>;

    test.beforeAll(async () => {
      twilio = await startTwilioMessaging();
      if (way !== 'directly') prism = await startPrism(twilio.url, 'twilio_api_v2010');
    });
    test.beforeEach(() => {
      client = officialMessaging(twilio.settings, prism?.url ?? twilio.url);
    });
    test.afterEach(() => {
      expect(twilio.violations).toEqual([]);
      for (const { status, path, headers } of client.received) {
        const isDocumented = [200, 201].includes(status);
        expect(headers['sl-violations'] !== undefined, `${status} at ${path}`).toBe(prism !== undefined && !isDocumented);
      }
    });
    test.afterAll(async () => {
      await prism?.close();
      await twilio.close();
    });

    test('sends from a number, is told, and fetches', async () => {
      const receiver = await startReceiver(twilio.settings.authToken);
      const to = '+821011110001';
      const fields = { to, from: twilio.settings.from, body: TEXT, statusCallback: receiver.url, validityPeriod: 120, maxPrice: 0.2 };
      const sent = await client.messages.create(fields);
      expect(sent).toMatchObject({ to, status: 'queued', errorCode: null, numSegments: '1' });
      expect(sent.dateCreated).toBeInstanceOf(Date);
      await expect.poll(() => receiver.received.map((one) => [one.form.MessageStatus, one.isAuthentic])).toEqual([['sent', true], ['delivered', true]]);
      expect(await client.messages(sent.sid).fetch()).toMatchObject({ sid: sent.sid, status: 'delivered', errorCode: null });
      expect(twilio.lastCode(to)).toBe('123456');
      await receiver.close();
    });

    test('sends from a service, and fetches a failure', async () => {
      const to = '+821011110002';
      twilio.script(to, [{ on: 'send', outcome: outcomes.undelivered }]);
      const sent = await client.messages.create({ to, messagingServiceSid: twilio.settings.messagingServiceSid, body: TEXT });
      expect(sent).toMatchObject({ status: 'accepted', messagingServiceSid: twilio.settings.messagingServiceSid, from: null });
      await expect.poll(async () => (await client.messages(sent.sid).fetch()).status).toBe('undelivered');
      expect((await client.messages(sent.sid).fetch()).errorCode).toBe(30003);
    });

    test('is refused what cannot be sent, and what nobody sent', async () => {
      const fields = { to: '+821011110003', from: '+15005550001', body: TEXT };
      await expect(client.messages.create(fields)).rejects.toMatchObject({ status: 400, code: 21659 });
      await expect(client.messages(`SM${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    });
  });
}

test('the proxy refuses an answer and a request that break the document', async () => {
  const twilio = await startTwilioMessaging();
  const prism = await startPrism(twilio.url, 'twilio_api_v2010');
  const { messages, received } = officialMessaging(twilio.settings, prism.url);
  twilio.script('*', [{ patch: { sid: 'oops', status: 'gone', num_segments: 1 } }]);
  const fields = { to: '+821011110005', from: twilio.settings.from, body: TEXT };
  await expect(messages.create(fields)).rejects.toMatchObject({ status: 500 });
  await expect(messages.create({ ...fields, messagingServiceSid: 'MG1' })).rejects.toMatchObject({ status: 422 });
  expect(received.map((one) => one.status)).toEqual([500, 422]);
  await expect.poll(() => prism.violations).not.toEqual([]);
  await prism.close();
  await twilio.close();
});
