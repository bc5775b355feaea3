import { htmlPage, json } from '../emulators/http';
import { sensErrors } from '../emulators/sens_answers';
import { talkOutcomes } from '../emulators/sens_alimtalk_message';
import { codeIn } from '../emulators/sens_text';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, message, requestCode, resend, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

// The emulator checks the signature, the channel, the failover and its length; what it finds fails the story.
test.use({ provider: 'sens_alimtalk' });

const SOON = { timeout: 30_000 };
const ARRIVED = 'The message reached the phone.';
const NOT_ARRIVED = /^The message did not arrive/;
const TALK = /^\[테스트샵\] 인증번호는 (\d{6})입니다\.\n타인에게 알려주지 마세요\.$/;
const TEXTS = {
  'ko-KR': /^\[Beonho\] 인증번호 \[(\d{6})\]\n타인에게 알려주지 마세요\.\n@localhost #\1$/,
  'en-US': /^\[Beonho\] Verification code \[(\d{6})\]\nDo not share it\.\n@localhost #\1$/,
};

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`through AlimTalk, in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up by the approved text, with our own ready to be sent', async ({ page, alimtalk, sens }) => {
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      expect(alimtalk.inbox(PHONE.digits)).toEqual([expect.stringMatching(TALK)]);
      const [talk] = alimtalk.sent;
      expect(talk?.sms?.content).toMatch(TEXTS[locale as keyof typeof TEXTS]);
      expect(codeIn(talk?.sms?.content ?? ''), 'one code in both').toBe(codeIn(talk?.content ?? ''));
      await enterCode(page, alimtalk.lastCode(PHONE.digits));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      expect([alimtalk.sent.length, sens.sent.length]).toEqual([1, 0]);
    });

    test('where there is no KakaoTalk the code comes as a text message', async ({ page, alimtalk }) => {
      alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.bySms }]);
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      expect(alimtalk.inbox(PHONE.digits)).toEqual([expect.stringMatching(TEXTS[locale as keyof typeof TEXTS])]);
      await enterCode(page, alimtalk.lastCode(PHONE.digits));
      await expectState(page, 'verified');
    });
  });
}

test('a talk that is delivered is told', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(ARRIVED, SOON);
});

test('a talk that fails is no failure while the text message is on its way', async ({ page, alimtalk }) => {
  test.setTimeout(120_000);
  alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await arrive(page);
  await page.evaluate(() => {
    const lines: (string | null)[] = [];
    Object.assign(window, { lines });
    const note = () => lines.push(document.querySelector('#delivery')?.textContent ?? null);
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(ARRIVED, { timeout: 90_000 });
  const lines = await page.evaluate(() => (window as unknown as { lines: string[] }).lines);
  expect(lines.filter((line) => NOT_ARRIVED.test(line ?? ''))).toEqual([]);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
});

test('when both fail it is told, given back, and another goes out at once', async ({ page, alimtalk }) => {
  test.setTimeout(120_000);
  alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.bothFailed }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, { timeout: 90_000 });
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  await resend(page);
  await expectOutcome(page, 'code_sent');
  await enterCode(page, alimtalk.lastCode(PHONE.digits));
  await expectState(page, 'verified');
});

test('a talk that was refused for good is told, and given back', async ({ page, alimtalk }) => {
  alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.refused }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'delivery_failed');
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  expect(alimtalk.inbox(PHONE.digits)).toEqual([]);
});

test('what was not accepted may come as a text message, and its code counts', async ({ page, alimtalk }) => {
  alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.notAccepted }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'code_may_arrive');
  await enterCode(page, alimtalk.lastCode(PHONE.digits));
  await expectState(page, 'verified');
});

test.describe('with a template that is not the approved one', () => {
  test.use({ serverEnv: { NAVER_ALIMTALK_TEMPLATE: '[테스트샵] 인증번호는 #{인증번호} 입니다.' } });

  test('nothing goes out, and the operator is told which setting it is', async ({ page, alimtalk, beonho }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'delivery_failed');
    expect(alimtalk.inbox(PHONE.digits)).toEqual([]);
    expect(beonho.output).toContain('NAVER_ALIMTALK_TEMPLATE');
  });
});

test.describe('with a template in one line, whose ends of lines are written', () => {
  test.use({ serverEnv: { NAVER_ALIMTALK_TEMPLATE: '[테스트샵] 인증번호는 #{인증번호}입니다.\\n타인에게 알려주지 마세요.' } });

  test('it is the approved text', async ({ page, alimtalk }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(alimtalk.inbox(PHONE.digits)).toEqual([expect.stringMatching(TALK)]);
  });
});

const CERTAIN: [string, keyof typeof sensErrors][] = [
  ['wrong keys', 'authenticationInvalid'],
  ['keys that may not', 'permissionDenied'],
  ["another project's service", 'foreignService'],
  ['a bad request', 'flat'],
  ['a quota that is used up', 'quotaExceeded'],
  ['a code that is a number', 'numericCode'],
  ['a vendor that is down', 'endpointError'],
];

for (const [what, name] of CERTAIN) {
  test(`refused for ${what}: told, and the next try goes out`, async ({ page, alimtalk }) => {
    alimtalk.script(PHONE.digits, [{ on: 'send', answer: sensErrors[name] }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'delivery_failed');
    expect(alimtalk.sent).toEqual([]);
    await page.locator('#number-form, #resend-form').filter({ visible: true }).locator('button').click();
    await expectOutcome(page, 'code_sent');
    await enterCode(page, alimtalk.lastCode(PHONE.digits));
    await expectState(page, 'verified');
  });
}

const UNKNOWN: [string, object][] = [
  ['a page instead of an answer', { answer: htmlPage(200), accepted: true }],
  ['an answer that is empty', { answer: { status: 202, body: '' }, accepted: true }],
  ['an answer without messages', { patch: { messages: [] } }],
  ['an answer about another recipient', { patch: { messages: [{ messageId: 'a', to: '01000000000', requestStatusCode: 'A000', requestStatusName: 'success' }] } }],
  ['an answer of nulls', { nulls: true }],
  ['something else altogether', { answer: json(202, 'ok'), accepted: true }],
  ['a gateway that gave up', { answer: sensErrors.endpointTimeout, accepted: true }],
  ['a connection that breaks', { cut: 'after_reading', accepted: true }],
  ['no answer', { hang: true, accepted: true }],
];

for (const [what, behaviour] of UNKNOWN) {
  test(`answered with ${what}: the code may arrive, once`, async ({ page, alimtalk }) => {
    alimtalk.script(PHONE.digits, [{ on: 'send', ...behaviour }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    await expect(message(page)).toHaveText(/may still arrive/);
    await enterCode(page, alimtalk.lastCode(PHONE.digits));
    await expectState(page, 'verified');
    expect(alimtalk.sent).toHaveLength(1);
  });
}

test.describe('with text messages as the second sender', () => {
  test.use({ provider: ['sens_alimtalk', 'sens'] });

  test('what is refused for good goes out as a text message, and the person sees nothing of it', async ({ page, alimtalk, sens }) => {
    alimtalk.script(PHONE.digits, [{ on: 'send', outcome: talkOutcomes.refused }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_sent');
    expect(alimtalk.inbox(PHONE.digits)).toEqual([]);
    expect(sens.inbox(PHONE.digits)).toEqual([expect.stringMatching(TEXTS['en-US'])]);
    await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
    await expect(page.locator('#delivery')).toHaveText(ARRIVED, SOON);
    await enterCode(page, sens.lastCode(PHONE.digits));
    await expectState(page, 'verified');
  });

  test('what may have gone out is not sent twice', async ({ page, alimtalk, sens }) => {
    alimtalk.script(PHONE.digits, [{ on: 'send', cut: 'after_reading', accepted: true }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    await enterCode(page, alimtalk.lastCode(PHONE.digits));
    await expectState(page, 'verified');
    expect(sens.arrivals).toEqual([]);
  });
});
