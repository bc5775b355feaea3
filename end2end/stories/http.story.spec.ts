import { Webhook } from 'standardwebhooks';
import type { Behaviour } from '../emulators/behaviour';
import { hookAnswers } from '../emulators/hook_answers';
import { empty, htmlPage, huge, redirect } from '../emulators/http';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, requestCode, resend, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

// The emulator checks the signature, its time and the shape; what it finds fails the story.
test.use({ provider: 'http' });

const TEXTS = {
  'ko-KR': /^\[Beonho\] 인증번호 \[(\d{6})\]\n타인에게 알려주지 마세요\.\n@localhost #\1$/,
  'en-US': /^\[Beonho\] Verification code \[(\d{6})\]\nDo not share it\.\n@localhost #\1$/,
};

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`through an endpoint of the team's own, in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up', async ({ page, hook }) => {
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      expect(hook.inbox(PHONE.e164)).toEqual([expect.stringMatching(TEXTS[locale as keyof typeof TEXTS])]);
      expect(hook.sent).toMatchObject([{ locale: words.tag, channel: 'sms', smsType: 'sign_up' }]);
      await enterCode(page, hook.lastCode(PHONE.e164));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
    });
  });
}

test('the reference library verifies what is posted, and two presses have two ids', async ({ page, hook }) => {
  hook.script(PHONE.e164, [{ answer: hookAnswers.down }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'delivery_failed');
  await page.locator('#number-form, #resend-form').filter({ visible: true }).locator('button').click();
  await expectState(page, 'pending');
  const webhook = new Webhook(hook.settings.secret);
  for (const { body, headers } of hook.arrivals) expect(webhook.verify(body, headers)).toEqual(JSON.parse(body));
  expect(new Set(hook.tries.map((one) => one.id)).size).toBe(2);
});

test.describe('with two secrets', () => {
  const [old, fresh] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];
  test.use({ serverEnv: async ({ hook }, use) => use({ SMS_HTTP_SECRET: `${old} ${hook.settings.secret} ${fresh}` }) });

  test('each of them signs', async ({ page, hook }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const [{ body, headers }] = hook.arrivals as [(typeof hook.arrivals)[number]];
    for (const secret of [old, hook.settings.secret, fresh]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });
});

const ACCEPTED: [string, Behaviour][] = [
  ['202', { answer: hookAnswers.acceptedForLater, accepted: true }],
  ['204', { answer: hookAnswers.acceptedSilently, accepted: true }],
  ['an empty 200', { answer: empty(200), accepted: true }],
];

for (const [what, behaviour] of ACCEPTED) {
  test(`${what} is a text on its way`, async ({ page, hook }) => {
    hook.script(PHONE.e164, [behaviour]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await enterCode(page, hook.lastCode(PHONE.e164));
    await expectState(page, 'verified');
  });
}

const FAILED: [string, Behaviour][] = [
  ['an error inside a success', { answer: hookAnswers.refusedInside }],
  ['403', { answer: hookAnswers.forbidden }],
  ['429', { answer: hookAnswers.throttled }],
  ['429 for an hour', { answer: hookAnswers.throttledForAnHour }],
  ['500', { answer: hookAnswers.broken }],
  ['503', { answer: hookAnswers.down }],
  ['a redirect', { answer: redirect('/elsewhere') }],
];

for (const [what, behaviour] of FAILED) {
  test(`after ${what} nothing was sent, the budget is given back, and another code may be asked for at once`, async ({ page, hook }) => {
    hook.script(PHONE.e164, [behaviour]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'delivery_failed');
    await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
    expect([hook.arrivals.length, hook.sent.length]).toEqual([1, 0]);
    await page.locator('#number-form, #resend-form').filter({ visible: true }).locator('button').click();
    await expectOutcome(page, 'code_sent');
    await enterCode(page, hook.lastCode(PHONE.e164));
    await expectState(page, 'verified');
  });
}

const UNKNOWN: [string, Behaviour][] = [
  ['a lost answer', { cut: 'after_reading', accepted: true }],
  ['an answer that breaks off', { cut: 'mid_answer' }],
  ['silence', { hang: true, accepted: true }],
  ['a drip', { dripMs: 4000 }],
  ['a page in HTML', { answer: htmlPage(200), accepted: true }],
  ['ten megabytes', { answer: huge(200), accepted: true }],
];

for (const [what, behaviour] of UNKNOWN) {
  test(`after ${what} the page says that the code may still arrive`, async ({ page, hook }) => {
    hook.script(PHONE.e164, [behaviour]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    await expectState(page, 'pending');
    await resend(page);
    await expectOutcome(page, 'pending');
    await enterCode(page, hook.lastCode(PHONE.e164));
    await expectState(page, 'verified');
    expect([hook.arrivals.length, hook.sent.length]).toEqual([1, 1]);
  });
}

for (const answer of ['throttledForASecond', 'downForASecond'] as const) {
  test(`"${answer}" is asked again in time, under the same id, for one text`, async ({ page, hook }) => {
    hook.script(PHONE.e164, [{ answer: hookAnswers[answer] }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect([hook.tries.length, new Set(hook.tries.map((one) => one.id)).size, hook.sent.length]).toEqual([2, 1, 1]);
    await enterCode(page, hook.lastCode(PHONE.e164));
    await expectState(page, 'verified');
  });
}

test('what the endpoint tells of a text stands on the page', async ({ page, beonho, hook }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  expect(await hook.report(beonho.address, PHONE.e164, 'delivered')).toBe(204);
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.');
  expect(await hook.report(beonho.address, PHONE.e164, 'failed'), 'the first result stands').toBe(204);
  await page.reload();
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.');
});

test('a text that the endpoint could not deliver is told and given back', async ({ page, beonho, hook }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
  expect(await hook.report(beonho.address, PHONE.e164, 'failed', 'handset off')).toBe(204);
  await expect(page.locator('#delivery')).toHaveText(/^The message did not arrive/);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  await resend(page);
  await expectOutcome(page, 'code_sent');
});

test('nobody else can tell what became of a text', async ({ page, beonho, hook }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const told = { send_id: hook.sent[0]!.id, status: 'failed' as const };
  const old = String(Math.floor(Date.now() / 1000) - 302);
  const forged: Record<string, string>[] = [{ 'webhook-signature': 'v1,AAAA' }, { 'webhook-id': 'other' }, { 'webhook-timestamp': old }];
  for (const changes of forged) expect((await hook.tell(beonho.address, told, changes)).status).toBe(401);
  expect((await hook.tell(beonho.address, { ...told, send_id: 'unknown' })).status).toBe(204);
  expect((await fetch(`${beonho.address}/hooks/sms`, { method: 'POST' })).status).toBe(401);
  await page.reload();
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
});
