import { field, hint, select, THREE, type } from '../support/country';
import { axe, expect, test } from '../support/fixture';
import {
  arrive, correctNumber, enterCode, expectOutcome, expectState, hydrated, latestCode, message, numberShown, open, requestCode, signUp,
} from '../support/journey';
import { PHONE } from '../support/phones';

test.describe('with one region', () => {
  test('nothing is to be chosen, and the example is of that region', async ({ page }) => {
    await arrive(page);
    await expect(page.locator('select')).toHaveCount(0);
    await expect(hint(page)).toHaveText('For example 010-1234-5678');
    await type(page, '01012345678');
    await expect(field(page)).toHaveValue('010-1234-5678');
  });

  test.describe('another than Korea', () => {
    test.use({ serverEnv: { DEFAULT_REGION: 'JP' } });

    test('hint, refusal, grouping and the number shown are of that region', async ({ page }) => {
      await arrive(page);
      await expect(hint(page)).toHaveText('For example 090-1234-5678');
      await requestCode(page, '03-1234-5678');
      await expect(message(page)).toHaveText(/not a mobile number.*For example 090-1234-5678$/);
      await type(page, '08012345678');
      await expect(field(page)).toHaveValue('080-1234-5678');
      await requestCode(page, '080-1234-5678');
      await expectState(page, 'pending');
      await expect(numberShown(page)).toHaveText('080-****-5678');
      await expect(page.locator('#code-step [data-slot=spoken]').filter({ visible: true })).toHaveText('the number ending in 5678');
    });
  });
});

test.describe('with three regions', () => {
  test.use({ serverEnv: THREE, locale: 'ko-KR' });

  test('by the keyboard alone: the choice brings its example and its groups', async ({ page }) => {
    await arrive(page);
    await select(page).focus();
    // The United States stand between, in the order of Hangul.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(select(page)).toHaveValue('JP');
    await expect(hint(page)).toHaveText('예: 090-1234-5678');
    await expect(field(page)).toHaveAccessibleDescription(/예: 090-1234-5678/);
    await page.keyboard.press('Tab');
    await expect(field(page)).toBeFocused();
    await page.keyboard.type('09012345678');
    await expect(field(page)).toHaveValue('090-1234-5678');
    await page.keyboard.press('Enter');
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText('+81 ****-5678');
    await enterCode(page, await latestCode(page));
    await signUp(page, '花子');
    await expectState(page, 'signed_up');
  });

  test('a plus chooses its country, and groups never fight the cursor', async ({ page }) => {
    await arrive(page);
    await type(page, '+81');
    await expect(select(page)).toHaveValue('JP');
    await expect(hint(page)).toHaveText('예: 090-1234-5678');
    await type(page, '+1 201');
    await expect(select(page)).toHaveValue('US');
    await type(page, '2015550123');
    await expect(field(page)).toHaveValue('(201) 555-0123');
    // Taken away from the end, then mended in the middle.
    for (const left of ['(201) 555-012', '(201) 555-01', '(201) 555-0', '(201) 555-', '(201) 555', '(201) 55']) {
      await page.keyboard.press('Backspace');
      await expect(field(page)).toHaveValue(left);
    }
    for (const _ of '555') await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('9');
    await expect(field(page)).toHaveValue('(201)9 55');
    await type(page, '+44 7400');
    await expect(select(page), 'a country that is not offered').toHaveValue('US');
  });

  test('what was typed wins over what was chosen, at the server too', async ({ page }) => {
    await arrive(page);
    await select(page).selectOption('US');
    await requestCode(page, '+82 10-1234-5678');
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText(PHONE.masked);
  });

  test('the choice outlives a refusal, a reload and the journey', async ({ page }) => {
    await arrive(page);
    await select(page).selectOption('JP');
    await requestCode(page, '090-1234');
    await expectOutcome(page, 'invalid_phone_number');
    await expect(message(page)).toHaveText(/예: 090-1234-5678$/);
    await expect(select(page)).toHaveValue('JP');
    await page.reload();
    await hydrated(page);
    await expect(select(page)).toHaveValue('JP');
    await expect(hint(page)).toHaveText('예: 090-1234-5678');
    const kept = (await page.context().cookies()).find(({ name }) => name === 'beonho_region');
    expect(kept).toMatchObject({ value: 'JP', httpOnly: true, sameSite: 'Lax' });
    await page.goto('/sign-in');
    await expect(select(page)).toHaveValue('JP');
  });

  test('a mistyped number is corrected to one of another country', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await page.locator('#no-text summary').click();
    await page.locator('#right_region').selectOption('JP');
    await expect(page.locator('#right-hint')).toHaveText('예: 090-1234-5678');
    await axe(page);
    await page.locator('#right_number').pressSequentially('09012345678');
    await expect(page.locator('#right_number')).toHaveValue('090-1234-5678');
  });

  for (const [locale, chosen] of [['ja-JP', 'JP'], ['en-US', 'US'], ['ko-KR', 'KR'], ['de-DE', 'KR']] as const) {
    test.describe(`to a browser in ${locale}`, () => {
      test.use({ locale });

      test(`${chosen} is proposed`, async ({ page }) => {
        await open(page);
        await expect(select(page)).toHaveValue(chosen);
      });
    });
  }
});

test.describe('without JavaScript', () => {
  test.use({ serverEnv: { ...THREE, RESEND_COOLDOWN_SECS: '1' }, javaScriptEnabled: false, locale: 'en-US' });

  test('the choice is posted, kept, and overruled by a plus', async ({ page }) => {
    await open(page);
    await select(page).selectOption('JP');
    await requestCode(page, '090-1234');
    await expectOutcome(page, 'invalid_phone_number');
    await expect(message(page)).toHaveText(/For example 090-1234-5678$/);
    await expect(select(page)).toHaveValue('JP');
    await expect(hint(page)).toHaveText('For example 090-1234-5678');
    await page.reload();
    await expect(select(page)).toHaveValue('JP');
    await requestCode(page, '+1 201 555');
    await expectOutcome(page, 'invalid_phone_number');
    await expect(select(page)).toHaveValue('US');
    await select(page).selectOption('JP');
    await requestCode(page, '090-1234-5678');
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText('+81 ****-5678');
    await page.waitForTimeout(1_100);
    await page.locator('#no-text summary').click();
    await page.locator('#right_region').selectOption('KR');
    await correctNumber(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText(PHONE.masked);
    await axe(page);
  });
});
