import { expect, test } from '@playwright/test';
import { startPrism } from './prism';
import { officialClient, type Received } from './twilio_client';
import { startTwilioVerify, type TwilioVerify } from './twilio_verify';

type Client = ReturnType<typeof officialClient>;

/** What the OpenAPI document lists; the proxy lets other statuses pass and only notes that they are unknown (providers B7). */
function isDocumented({ path, status }: Received): boolean {
  return [200, 201].includes(status) || (status === 429 && path.endsWith('/Verifications'));
}

for (const way of ['directly', 'through the proxy that holds the vendor’s OpenAPI document']) {
  test.describe(`the official client, ${way}`, () => {
    test.describe.configure({ mode: 'default' });
    let twilio: TwilioVerify;
    let prism: Awaited<ReturnType<typeof startPrism>> | undefined;
    let client: Client;

    test.beforeAll(async () => {
      twilio = await startTwilioVerify();
      if (way !== 'directly') prism = await startPrism(twilio.url);
    });
    test.beforeEach(() => {
      client = officialClient(twilio.settings, prism?.url ?? twilio.url);
    });
    test.afterEach(() => {
      expect(twilio.violations).toEqual([]);
      for (const one of client.received) {
        const isNoted = one.headers['sl-violations'] !== undefined;
        expect(isNoted, `${one.status} at ${one.path}`).toBe(prism !== undefined && !isDocumented(one));
      }
    });
    test.afterAll(async () => {
      await prism?.close();
      await twilio.close();
    });

    test('starts, fetches, checks wrong, checks right, and finds nothing afterwards', async () => {
      const to = '+821011110001';
      const started = await client.service.verifications.create({ to, channel: 'sms', locale: 'ko' });
      expect(started).toMatchObject({ to, channel: 'sms', status: 'pending', valid: false });
      expect((await client.service.verifications(to).fetch()).sid).toBe(started.sid);
      const wrong = await client.service.verificationChecks.create({ to, code: twilio.wrongCodeFor(to) });
      expect(wrong).toMatchObject({ status: 'pending', valid: false });
      const right = { verificationSid: started.sid, code: twilio.codeFor(to) };
      expect(await client.service.verificationChecks.create(right)).toMatchObject({ status: 'approved', valid: true });
      await expect(client.service.verificationChecks.create(right)).rejects.toMatchObject({ status: 404, code: 20404 });
      expect(twilio.starts.at(-1)).toMatchObject({ to, locale: 'ko', sid: started.sid });
    });

    test('is refused the sixth check', async () => {
      const to = '+821011110002';
      await client.service.verifications.create({ to, channel: 'sms' });
      const wrong = { to, code: twilio.wrongCodeFor(to) };
      for (let i = 0; i < 5; i++) expect((await client.service.verificationChecks.create(wrong)).valid).toBe(false);
      await expect(client.service.verificationChecks.create(wrong)).rejects.toMatchObject({ status: 429, code: 60202 });
    });

    test('is refused the sixth send', async () => {
      const request = { to: '+821011110003', channel: 'sms' };
      const sids = new Set<string>();
      for (let i = 0; i < 5; i++) sids.add((await client.service.verifications.create(request)).sid);
      expect(sids.size).toBe(1);
      await expect(client.service.verifications.create(request)).rejects.toMatchObject({ status: 429, code: 60203 });
    });

    test('cancels, and is given a new sid', async () => {
      const to = '+821011110004';
      const first = await client.service.verifications.create({ to, channel: 'sms' });
      const canceled = await client.service.verifications(first.sid).update({ status: 'canceled' });
      expect(canceled).toMatchObject({ sid: first.sid, status: 'canceled' });
      const check = client.service.verificationChecks.create({ verificationSid: first.sid, code: '123456' });
      await expect(check).rejects.toMatchObject({ status: 404, code: 20404 });
      expect((await client.service.verifications.create({ to, channel: 'sms' })).sid).not.toBe(first.sid);
    });
  });
}

test('the proxy refuses an answer that breaks the document', async () => {
  const twilio = await startTwilioVerify();
  const prism = await startPrism(twilio.url);
  const { service, received } = officialClient(twilio.settings, prism.url);
  twilio.script('*', [{ patch: { sid: 'oops', valid: 'no' } }]);
  await expect(service.verifications.create({ to: '+821011110005', channel: 'sms' })).rejects.toMatchObject({ status: 500 });
  expect(received[0]?.status).toBe(500);
  await prism.close();
  await twilio.close();
});
