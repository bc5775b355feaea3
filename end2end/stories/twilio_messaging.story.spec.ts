import { htmlPage, json, redirect } from '../emulators/http';
import { startPrism, type Prism } from '../emulators/prism';
import { messagingErrors } from '../emulators/twilio_messaging_errors';
import { outcomes } from '../emulators/twilio_text_message';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, message, requestCode, resend, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

// The emulator checks the credentials, the parameters and the text; what it finds fails the story.
test.use({ provider: 'twilio_messaging' });

const SOON = { timeout: 25_000 };
const NOT_ARRIVED = /^The message did not arrive/;
const TEXTS = {
  'ko-KR': /^\[Beonho\] 인증번호 \[(\d{6})\]\n타인에게 알려주지 마세요\.\n@localhost #\1$/,
  'en-US': /^\[Beonho\] Verification code \[(\d{6})\]\nDo not share it\.\n@localhost #\1$/,
};

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`through Twilio Messaging, in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up with our own text', async ({ page, messaging, twilio }) => {
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      expect(messaging.inbox(PHONE.e164)).toEqual([expect.stringMatching(TEXTS[locale as keyof typeof TEXTS])]);
      await enterCode(page, messaging.lastCode(PHONE.e164));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      expect(messaging.sent).toMatchObject([{ from: messaging.settings.from, messagingServiceSid: null, segments: { count: 1 } }]);
      expect(messaging.sent[0]?.form).not.toHaveProperty('MaxPrice');
      expect(twilio.arrivals, 'nothing is asked of Verify').toEqual([]);
    });
  });
}

test.describe('with a messaging service and a highest price', () => {
  test.use({ messagingOptions: { from: '' }, serverEnv: { TWILIO_MAX_PRICE: '0.05' } });

  test('both are said, and a message that would cost more did not arrive', async ({ page, messaging }) => {
    messaging.script(PHONE.e164, [{ on: 'send', outcome: outcomes.priceRefused }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const form = { MessagingServiceSid: messaging.settings.messagingServiceSid, MaxPrice: '0.05' };
    expect(messaging.sent).toMatchObject([{ from: null, form }]);
    await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, SOON);
    await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  });
});

test.describe("with the vendor's own document between the server and the emulator", () => {
  const contract = test.extend<{ prism: Prism }>({
    prism: async ({ messaging }, use) => {
      const prism = await startPrism(messaging.url, 'twilio_api_v2010');
      await use(prism);
      await prism.close();
      expect(prism.violations, "breaches of the vendor's document").toEqual([]);
    },
    serverEnv: async ({ prism }, use) => use({ TWILIO_MESSAGING_BASE_URL: prism.url, RESEND_COOLDOWN_SECS: '1', TWILIO_MAX_PRICE: '0.05' }),
  });

  contract('the whole journey keeps to it, in either direction', async ({ page, messaging, prism }) => {
    messaging.script(PHONE.e164, [{ on: 'send', outcome: outcomes.untoldFailure }, { on: 'send', outcome: outcomes.untold }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, SOON);
    await resend(page);
    await expectOutcome(page, 'code_sent');
    await expect(page.locator('#delivery')).toHaveText('The message reached the phone.', SOON);
    await enterCode(page, messaging.lastCode(PHONE.e164));
    await expectState(page, 'verified');
    await signUp(page, '민지');
    await expectState(page, 'signed_up');
    expect(messaging.sent).toHaveLength(2);
    expect(prism.requests, 'what went through').toBeGreaterThanOrEqual(messaging.arrivals.length);
  });
});

const CERTAIN: [string, keyof typeof messagingErrors, string][] = [
  ['no phone number', 21211, 'invalid_phone_number'],
  ['a landline', 21614, 'invalid_phone_number'],
  ['a number that wants no messages', 21610, 'invalid_phone_number'],
  ['a number out of reach from this sender', 21612, 'invalid_phone_number'],
  ['a country that is not enabled', 21408, 'delivery_blocked'],
  ['a number that looks like pumping', 30450, 'delivery_blocked'],
  ['wrong credentials', 20003, 'delivery_failed'],
  ['a sender of somebody else', 21659, 'delivery_failed'],
  ['a trial account', 21608, 'delivery_failed'],
  ['a full queue', 21611, 'delivery_failed'],
  ['too many requests', 20429, 'delivery_failed'],
  ['a vendor that is down', 503, 'delivery_failed'],
];

for (const [what, code, outcome] of CERTAIN) {
  test(`refused for ${what}: told, and nothing went out`, async ({ page, messaging }) => {
    messaging.script(PHONE.e164, [{ on: 'send', answer: messagingErrors[code], times: Infinity }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, outcome);
    expect(messaging.sent).toEqual([]);
    await expect(page.locator('main')).not.toContainText(String(code));
  });
}

test('a redirect is not followed, and proves that nothing was done', async ({ page, messaging, sens }) => {
  messaging.script(PHONE.e164, [{ on: 'send', answer: redirect(`${sens.url}/elsewhere`, 307) }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'delivery_failed');
  expect([messaging.sent, sens.arrivals]).toEqual([[], []]);
});

const UNKNOWN: [string, object][] = [
  ['a page instead of an answer', { answer: htmlPage(200), accepted: true }],
  ['an answer that is empty', { answer: { status: 201, body: '' }, accepted: true }],
  ['an error inside a success', { answer: json(200, { code: 21614, message: 'x', status: 400 }), accepted: true }],
  ['an answer about another recipient', { patch: { to: '+821000000000' } }],
  ['an answer of nulls', { nulls: true }],
  ['a gateway that gave up', { answer: { status: 504, body: 'Gateway Timeout' }, accepted: true }],
  ['a connection that breaks', { cut: 'after_reading', accepted: true }],
  ['an answer that breaks off', { cut: 'mid_answer' }],
  ['an answer that drips', { dripMs: 1500 }],
  ['no answer', { hang: true, accepted: true }],
];

for (const [what, behaviour] of UNKNOWN) {
  test(`answered with ${what}: the code may arrive, once`, async ({ page, messaging }) => {
    messaging.script(PHONE.e164, [{ on: 'send', ...behaviour }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    await expect(message(page)).toHaveText(/may still arrive/);
    await expectState(page, 'pending');
    await enterCode(page, messaging.lastCode(PHONE.e164));
    await expectState(page, 'verified');
    expect(messaging.sent).toHaveLength(1);
  });
}

for (const [name, line] of [['untold', 'The message reached the phone.'], ['untoldFailure', NOT_ARRIVED]] as const) {
  test(`what no callback tells is asked for: ${name}`, async ({ page, messaging }) => {
    messaging.script(PHONE.e164, [{ on: 'send', outcome: outcomes[name] }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(page.locator('#delivery')).toHaveText(line, SOON);
    expect(messaging.callbacks).toEqual([]);
    expect(messaging.arrivals.filter((one) => one.method === 'GET').length).toBeGreaterThan(0);
  });
}
