import type { Page } from '@playwright/test';
import { signatureOf, postForm } from '../emulators/twilio_callback';
import type { TwilioMessaging } from '../emulators/twilio_messaging';
import { outcomes, type Step } from '../emulators/twilio_text_message';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, requestCode, resend } from '../support/journey';
import { PHONE } from '../support/phones';

// The vendor calls back only what it can reach, so the origin is an https one.
test.use({ provider: 'twilio_messaging', https: true });

const AT_ONCE = { timeout: 5_000 };
const HANDED_OVER = /^The message was handed to the carrier/;
const ARRIVED = 'The message reached the phone.';
const NOT_ARRIVED = /^The message did not arrive/;

/** The only message, and where its callbacks go. */
function theMessage(messaging: TwilioMessaging, origin: string | undefined) {
  expect(messaging.sent).toHaveLength(1);
  const [message] = messaging.sent;
  expect(message?.callbackUrl).toMatch(/\/hooks\/twilio\/[^/?]+$/);
  expect(new URL(message!.callbackUrl!).origin).toBe(origin);
  return { message: message!, url: message!.callbackUrl! };
}

const TOLD: [string, Step[], string | RegExp, number[]][] = [
  ['that it arrived', outcomes.delivered, ARRIVED, [204, 204]],
  ['that it did not arrive', outcomes.undelivered, NOT_ARRIVED, [204, 204]],
  ['that it could not be handed over', outcomes.failed, NOT_ARRIVED, [204]],
  ['the end before the beginning', outcomes.outOfOrder, ARRIVED, [204, 204]],
  ['the same twice', outcomes.repeated, ARRIVED, [204, 204, 204]],
  ['two ends, of which the first counts', outcomes.contradicted, ARRIVED, [204, 204]],
];

for (const [what, outcome, line, statuses] of TOLD) {
  test(`a callback tells ${what}`, async ({ page, messaging, baseURL }) => {
    messaging.script(PHONE.e164, [{ on: 'send', outcome }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    theMessage(messaging, baseURL);
    await expect(page.locator('#delivery')).toHaveText(line, AT_ONCE);
    await expect.poll(() => messaging.callbacks.map((one) => one.status)).toEqual(statuses);
    await expect(page.locator('#sends')).toHaveText(`Codes left today: ${line === ARRIVED ? 4 : 5}`);
    await page.reload();
    await hydrated(page);
    await expect(page.locator('#delivery')).toHaveText(line);
  });
}

test('after a text that did not arrive another is sent at once, and its own callback counts', async ({ page, messaging }) => {
  messaging.script(PHONE.e164, [{ on: 'send', outcome: outcomes.undelivered }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, AT_ONCE);
  await resend(page);
  await expectOutcome(page, 'code_sent');
  await expect(page.locator('#delivery')).toHaveText(ARRIVED, AT_ONCE);
  const [first, second] = messaging.sent.map((one) => one.callbackUrl);
  expect(second).not.toBe(first);
  await enterCode(page, messaging.lastCode(PHONE.e164));
  await expectState(page, 'verified');
});

test('a callback may overtake the answer to the send', async ({ page, messaging }) => {
  messaging.script(PHONE.e164, [{ on: 'send', delayMs: 1500 }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect.poll(() => messaging.callbacks.map((one) => one.status)).toEqual([204, 204]);
  await expectState(page, 'pending');
  // What came too early may have been forgotten; then it is asked for.
  await expect(page.locator('#delivery')).toHaveText(ARRIVED, { timeout: 25_000 });
});

test('after an answer that was lost the callback still tells', async ({ page, messaging }) => {
  messaging.script(PHONE.e164, [{ on: 'send', cut: 'after_reading', accepted: true }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'code_may_arrive');
  await expect.poll(() => messaging.callbacks.map((one) => one.status)).toEqual([204, 204]);
  await enterCode(page, messaging.lastCode(PHONE.e164));
  await expectState(page, 'verified');
});

test.describe('a text on its way', () => {
  test.beforeEach(async ({ page, messaging }) => {
    messaging.script(PHONE.e164, [{ on: 'send', outcome: outcomes.silent }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
  });

  test('is not changed by what is not signed for it', async ({ page, messaging, baseURL }) => {
    const { message, url } = theMessage(messaging, baseURL);
    const form = messaging.callbackForm(message, { status: 'undelivered', errorCode: 30003 });
    const { authToken } = messaging.settings;
    const good = signatureOf(url, form, authToken);
    expect(await messaging.callBack(url, form, 'anotherAuthToken0123456789abcdef'), 'another token').toBe(401);
    const FORGED: [string, Record<string, string>, Record<string, string>][] = [
      ['no signature', form, {}],
      ['an empty signature', form, { 'x-twilio-signature': '' }],
      ['half a signature', form, { 'x-twilio-signature': good.slice(0, 14) }],
      ['what is no base64', form, { 'x-twilio-signature': '가나다' }],
      ['the signature of other fields', { ...form, MessageStatus: 'failed' }, { 'x-twilio-signature': good }],
      ['a field more', { ...form, Extra: '1' }, { 'x-twilio-signature': good }],
      ['the signature of another address', form, { 'x-twilio-signature': signatureOf(`${url}x`, form, authToken) }],
      ["another rule's signature", form, { 'x-twilio-signature': good, 'x-twilio-webhooks-signature-settings': 'key=1,algorithm=HMAC_SHA256' }],
    ];
    for (const [what, fields, headers] of FORGED) expect(await postForm(url, fields, encoded(headers)), what).toBe(401);
    expect(await messaging.callBack(`${url}?again=1`, { ...form, MessageSid: message.sid.replace('SM', 'SX') }), 'no sid').toBe(400);
    expect(await messaging.callBack(url, { MessageSid: message.sid }), 'no status').toBe(400);
    expect(await messaging.callBack(url, {}), 'nothing').toBe(400);
    await unchanged(page);
  });

  test('is not changed by what is signed and not its own', async ({ page, messaging, baseURL }) => {
    const { message, url } = theMessage(messaging, baseURL);
    const form = messaging.callbackForm(message, { status: 'undelivered', errorCode: 30003 });
    const other = `SM${'0'.repeat(32)}`;
    expect(await messaging.callBack(url, { ...form, MessageSid: other, SmsSid: other }), "another message's sid").toBe(204);
    for (const id of ['unknown', '0', '%EA%B0%80', `${'a'.repeat(300)}`]) {
      expect(await messaging.callBack(`${baseURL}/hooks/twilio/${id}`, form), `the unknown send ${id.slice(0, 20)}`).toBe(204);
    }
    expect(await messaging.callBack(url, { ...form, MessageStatus: 'sent' }), 'no end').toBe(204);
    expect(await messaging.callBack(url, { ...form, MessageStatus: 'teleported' }), 'an unknown status').toBe(204);
    await unchanged(page);
  });

  test('is changed by what is signed for the address without its port, too', async ({ page, messaging, baseURL }) => {
    const { message, url } = theMessage(messaging, baseURL);
    const form = messaging.callbackForm(message, { status: 'delivered' });
    const signature = signatureOf(url.replace(/:\d+/, ''), form, messaging.settings.authToken);
    expect(await postForm(url, form, { 'x-twilio-signature': signature })).toBe(204);
    await expect(page.locator('#delivery')).toHaveText(ARRIVED, AT_ONCE);
    expect(await messaging.callBack(url, messaging.callbackForm(message, { status: 'failed' })), 'afterwards').toBe(204);
    await page.waitForTimeout(2500);
    await expect(page.locator('#delivery')).toHaveText(ARRIVED);
    await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
  });
});

/** Longer than the page waits before it looks again. */
async function unchanged(page: Page): Promise<void> {
  await page.waitForTimeout(2500);
  await expect(page.locator('#delivery')).toHaveText(HANDED_OVER);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
}

/** Header values go out as Latin-1. */
function encoded(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));
}

test.describe('without Twilio', () => {
  test.use({ provider: 'sens' });

  test('nobody listens to its callbacks', async ({ messaging, beonho, baseURL }) => {
    expect(await messaging.callBack(`${baseURL}/hooks/twilio/unknown`, { MessageStatus: 'delivered' })).toBe(404);
    expect(beonho.output).not.toContain('panicked');
  });
});
