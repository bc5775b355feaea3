import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, message, requestCode, resend, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

// The emulator checks the signature and its time, the digits of `to` and the length; what it finds fails the story.
test.use({ provider: 'sens' });

const TEXTS = {
  'ko-KR': /^\[Beonho\] 인증번호 \[(\d{6})\]\n타인에게 알려주지 마세요\.\n@localhost #\1$/,
  'en-US': /^\[Beonho\] Verification code \[(\d{6})\]\nDo not share it\.\n@localhost #\1$/,
};

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`through SENS, in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up', async ({ page, sens }) => {
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      expect(sens.inbox(PHONE.digits)).toEqual([expect.stringMatching(TEXTS[locale as keyof typeof TEXTS])]);
      await enterCode(page, sens.lastCode(PHONE.digits));
      await expectState(page, 'verified');
      await signUp(page, '민지');
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
    });
  });
}

test('the inbox is closed where texts are really sent', async ({ page, complaints }) => {
  complaints.allowStatus(404);
  await page.goto('/inbox');
  await expectOutcome(page, 'not_found');
});

test('a text that the vendor refused is told, given back and may be asked for again at once', async ({ page, sens }) => {
  sens.script(PHONE.digits, [{ on: 'send', answer: { status: 503, body: 'down' } }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'delivery_failed');
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  expect(sens.sent).toHaveLength(0);
  const again = page.locator('#number-form, #resend-form').filter({ visible: true });
  await again.locator('button').click();
  await expectOutcome(page, 'code_sent');
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
});

test('when the answer of the vendor is lost the page says that the code may still arrive', async ({ page, sens }) => {
  sens.script(PHONE.digits, [{ on: 'send', cut: 'after_reading', accepted: true }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'code_may_arrive');
  await expect(message(page)).toHaveText(/may still arrive/);
  await expectState(page, 'pending');
  await resend(page);
  await expectOutcome(page, 'pending');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
  expect(sens.sent).toHaveLength(1);
});
