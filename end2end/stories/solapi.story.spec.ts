import { empty, htmlPage, huge, redirect } from '../emulators/http';
import type { SolapiBehaviour } from '../emulators/solapi';
import { solapiErrors } from '../emulators/solapi_answers';
import type { Replacing } from '../emulators/solapi_message';
import { expect, test as base } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, requestCode, resend, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { solapiKakaoEnv } from '../support/vendor_env';
import { LANGUAGES } from '../support/words';

// The emulator checks the signature and its single use, the numbers and the length; what it finds fails the story.
const test = base.extend<{ kakao: boolean }>({
  kakao: [false, { option: true }],
  serverEnv: async ({ kakao, solapi }, use) => use(kakao ? solapiKakaoEnv(solapi) : {}),
});

test.use({ provider: 'solapi' });

const SOON = { timeout: 40_000 };

const TEXTS = {
  'ko-KR': /^\[Beonho\] 인증번호 \[(\d{6})\]\n타인에게 알려주지 마세요\.\n@localhost #\1$/,
  'en-US': /^\[Beonho\] Verification code \[(\d{6})\]\nDo not share it\.\n@localhost #\1$/,
};

for (const [locale, words] of Object.entries(LANGUAGES)) {
  for (const kakao of [false, true]) {
    test.describe(`through Solapi, ${kakao ? 'by Kakao' : 'as a text'}, in ${words.language}`, () => {
      test.use({ locale, kakao });

      test('a person signs up', async ({ page, solapi }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        const text = TEXTS[locale as keyof typeof TEXTS];
        expect(solapi.sent).toMatchObject([{ type: kakao ? 'ATA' : 'SMS', text: expect.stringMatching(text) }]);
        expect(solapi.inbox(PHONE.digits)).toEqual([expect.stringMatching(kakao ? /^\[Beonho\] 인증번호는 \d{6}입니다\.$/ : text)]);
        await enterCode(page, solapi.lastCode(PHONE.digits));
        await expectState(page, 'verified');
        await signUp(page, '민지');
        await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      });
    });
  }
}

const FAILED: [string, SolapiBehaviour][] = [
  ['a sender that is not registered', { refuse: '1062' }],
  ['a number that was sent to twice', { refuse: '1026' }],
  ['a balance that is spent, of the message', { refuse: '1030' }],
  ['a balance that is spent', { answer: solapiErrors.notEnoughBalance }],
  ['a key that is not known', { answer: solapiErrors.invalidApiKey }],
  ['a signature that does not fit', { answer: solapiErrors.signatureDoesNotMatch }],
  ['a clock that is wrong', { answer: solapiErrors.requestTimeTooSkewed }],
  ['a request that is not understood', { answer: solapiErrors.validation }],
  ['too many requests', { answer: solapiErrors.tooManyRequests }],
  ['500', { answer: solapiErrors.internal }],
  ['a redirect', { answer: redirect('/elsewhere') }],
];

for (const [what, behaviour] of FAILED) {
  test(`after ${what} nothing was sent, and the budget is given back`, async ({ page, solapi }) => {
    solapi.script(PHONE.digits, [{ on: 'send', ...behaviour }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'delivery_failed');
    await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
    expect([solapi.arrivals.length, solapi.sent.length]).toEqual([1, 0]);
  });
}

const REFUSED = { 1060: 'delivery_blocked', 1061: 'invalid_phone_number' };

for (const [code, outcome] of Object.entries(REFUSED)) {
  test(`a number that is refused with ${code} is told as ${outcome}`, async ({ page, solapi }) => {
    solapi.script(PHONE.digits, [{ on: 'send', refuse: code }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, outcome);
    expect(solapi.sent).toEqual([]);
  });
}

const UNKNOWN: [string, SolapiBehaviour][] = [
  // An earlier copy of the request may have been taken.
  ['a signature that was used', { answer: solapiErrors.duplicatedSignature, accepted: true }],
  ['a lost answer', { cut: 'after_reading', accepted: true }],
  ['an answer that breaks off', { cut: 'mid_answer' }],
  ['silence', { hang: true, accepted: true }],
  ['a drip', { dripMs: 1000 }],
  ['a page in HTML', { answer: htmlPage(200), accepted: true }],
  ['an empty success', { answer: empty(200), accepted: true }],
  ['ten megabytes', { answer: huge(200), accepted: true }],
  ['a success without its group', { patch: { groupInfo: undefined } }],
  ['a success of nulls', { nulls: true }],
  ['a failure of somebody else', { patch: { failedMessageList: [{ to: '01000000000', statusCode: '1062' }] } }],
];

for (const [what, behaviour] of UNKNOWN) {
  test(`after ${what} the page says that the code may still arrive`, async ({ page, solapi }) => {
    solapi.script(PHONE.digits, [{ on: 'send', ...behaviour }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    await expectState(page, 'pending');
    await resend(page);
    await expectOutcome(page, 'pending');
    await enterCode(page, solapi.lastCode(PHONE.digits));
    await expectState(page, 'verified');
    expect(solapi.sent).toHaveLength(1);
  });
}

test('a text that arrives is told', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.', SOON);
});

test('a text that does not arrive is told and given back', async ({ page, solapi }) => {
  solapi.script(PHONE.digits, [{ on: 'send', delivery: { sms: '3043' } }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect(page.locator('#delivery')).toHaveText(/^The message did not arrive/, SOON);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  await resend(page);
  await expectOutcome(page, 'code_sent');
});

for (const replacing of ['same_message', 'new_message'] satisfies Replacing[]) {
  test.describe(`where there is no Kakao (${replacing})`, () => {
    test.use({ kakao: true, solapiOptions: { maxBytes: 80, replacing } });

    test('the text in its place is what counts, and its arrival is told', async ({ page, solapi }) => {
      solapi.script(PHONE.digits, [{ on: 'send', delivery: { talk: '3104' } }]);
      const told: string[] = [];
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expect
        .poll(async () => told.push((await page.locator('#delivery').innerText()) ?? '') && told.at(-1), SOON)
        .toBe('The message reached the phone.');
      expect(told.filter((line) => line.startsWith('The message did not arrive'))).toEqual([]);
      expect(solapi.inbox(PHONE.digits)).toEqual([expect.stringMatching(TEXTS['en-US'])]);
      await enterCode(page, solapi.lastCode(PHONE.digits));
      await expectState(page, 'verified');
    });
  });
}

test.describe('with an endpoint behind it', () => {
  test.use({ provider: ['solapi', 'http'] });

  test('a certain failure goes on there, and the person sees nothing of it', async ({ page, solapi, hook }) => {
    solapi.script(PHONE.digits, [{ on: 'send', answer: solapiErrors.notEnoughBalance }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
    expect([solapi.sent.length, hook.sent.length]).toEqual([0, 1]);
    await enterCode(page, hook.lastCode(PHONE.e164));
    await expectState(page, 'verified');
  });

  test('an unknown one does not: one press is never two texts', async ({ page, solapi, hook }) => {
    solapi.script(PHONE.digits, [{ on: 'send', cut: 'after_reading', accepted: true }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'code_may_arrive');
    expect([solapi.sent.length, hook.arrivals.length]).toEqual([1, 0]);
    await enterCode(page, solapi.lastCode(PHONE.digits));
    await expectState(page, 'verified');
  });
});
