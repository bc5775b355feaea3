import { expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, latestCode, message, numberShown, requestCode, signUp, wrongCodeFor,
} from '../support/journey';
import { PHONE } from '../support/phones';

const NO_NUMBERS = ['   ', 'call me', '📱📱📱', '02-123-4567', '0082-10-1234-5678', '010-1234-567', '+1 212 555 0100', '0'.repeat(64)];

for (const [locale, words] of [['ko-KR', /번호|숫자/], ['en-US', /number|digits|begin with/]] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('what is no mobile number is told in words, stays in the field and keeps the focus', async ({ page }) => {
      await arrive(page);
      const field = page.locator('#phone_number');
      for (const typed of NO_NUMBERS) {
        await requestCode(page, typed);
        await expectOutcome(page, 'invalid_phone_number');
        await expect(message(page)).toHaveText(words);
        await expect(field).toHaveValue(typed);
        await expect(field).toBeFocused();
        await expect(field).toHaveAttribute('aria-invalid', 'true');
        await field.clear();
      }
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expect(page.locator('[aria-invalid]')).toHaveCount(0);
    });
  });
}

test('an empty field is told by the browser, which puts the focus there', async ({ page }) => {
  await arrive(page);
  await page.locator('#number-form button').click();
  await expect(page.locator('#phone_number:invalid')).toBeFocused();
  await expectOutcome(page, '');
});

for (const typed of ['01012345678', '+82 10 1234 5678', '+82 (0)10-1234-5678', '010.1234.5678', '０１０－１２３４－５６７８', '010ㅡ1234ㅡ5678']) {
  test(`${typed} is understood`, async ({ page }) => {
    await arrive(page);
    await requestCode(page, typed);
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText(PHONE.masked);
  });
}

test('a code that has not six digits costs nothing and stays to be mended', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  for (const typed of ['12345', '1234567', 'abcdef']) {
    await enterCode(page, typed);
    await expectOutcome(page, 'malformed_code');
    await expect(page.locator('#code')).toHaveValue(typed);
    await expect(page.locator('#code')).toBeFocused();
    await page.locator('#code').clear();
  }
  await expect(page.locator('#attempts')).toHaveText('Attempts left: 5');
});

test('a code in full-width digits with a space is understood', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const wide = [...(await latestCode(page))].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
  await page.locator('#code').fill(`${wide.slice(0, 3)} ${wide.slice(3)}`);
  await expectState(page, 'verified');
});

test('five wrong codes are the end: not even the right one counts then', async ({ page, context, browser, baseURL }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await latestCode(page);
  // A page of before, that knows nothing of what happens elsewhere.
  const old = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState(), locale: 'en-US' });
  const stale = await old.newPage();
  await stale.goto(baseURL ?? '');
  for (const left of ['Attempts left: 4', 'Attempts left: 3', 'Attempts left: 2', 'Attempts left: 1']) {
    await enterCode(page, wrongCodeFor(code));
    await expect(page.locator('#attempts')).toHaveText(left);
  }
  await enterCode(page, wrongCodeFor(code));
  await expectState(page, 'exhausted');
  await expect(message(page)).toHaveText(/it was the last attempt/);
  await expect(page.locator('#code-form')).toBeHidden();
  await expect(page.locator('#resend-form button')).toBeFocused();
  await enterCode(stale, code);
  await expectOutcome(stale, 'too_many_attempts');
  await expectState(stale, 'exhausted');
  await old.close();
});

test('a nickname that is none is told, and what was typed stays', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  for (const typed of ['   ', 'x'.repeat(31), 'abc\u202Edef', '\u200B']) {
    await signUp(page, typed);
    await expectOutcome(page, 'invalid_nickname');
    await expect(page.locator('#nickname')).toHaveValue(typed);
    await expect(page.locator('#nickname')).toBeFocused();
    await page.locator('#nickname').clear();
  }
});

test('markup in a nickname is plain text', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '<script>alert(1)</script>');
  await expect(page.locator('bdi.nickname')).toHaveText('<script>alert(1)</script>');
});
