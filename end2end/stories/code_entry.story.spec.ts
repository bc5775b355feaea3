import { expect, test } from '../support/fixture';
import type { Page } from '@playwright/test';
import { arrive, expectOutcome, expectState, latestCode, requestCode, resend, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';

test('a code that is pasted with a space is sent by itself', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await latestCode(page);
  await page.bringToFront();
  await page.evaluate((text) => navigator.clipboard.writeText(text), `${code.slice(0, 3)} ${code.slice(3)}`);
  await page.locator('#code').focus();
  await page.keyboard.press('Control+V');
  await expectState(page, 'verified');
});

test('the code field asks for digits and for the code of the last SMS', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#code')).toHaveAttribute('inputmode', 'numeric');
  await expect(page.locator('#code')).toHaveAttribute('autocomplete', 'one-time-code');
});

test('after a wrong code the field is ready for another, one check for each', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const code = await latestCode(page);
  const checks: string[] = [];
  page.on('request', (request) => void (request.url().endsWith('/api/check') && checks.push(request.url())));
  await page.locator('#code').pressSequentially(wrongCodeFor(code));
  await expectOutcome(page, 'incorrect_code');
  await expect(page.locator('#code')).toBeFocused();
  await page.keyboard.type(code);
  await expectState(page, 'verified');
  expect(checks).toHaveLength(2);
});

test('what the page sends by itself the server reads, and nothing else is sent', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const [code, checks, field] = [await latestCode(page), checksOf(page), page.locator('#code')];
  await field.fill(`${code.slice(0, 5)}a${code.slice(5)}`);
  await page.waitForTimeout(300);
  expect(checks, 'a letter among the digits').toHaveLength(0);
  await field.fill(`인증번호 ${code.slice(0, 3)}ㆍ${code.slice(3)}`);
  await expectState(page, 'verified');
  expect(checks).toHaveLength(1);
});

/** Lets the test decide when the browser hands out the code of an SMS. */
async function readSms(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const get = (asked: { otp?: { transport: string[] }; signal?: AbortSignal }) =>
      new Promise((resolve, reject) => {
        asked.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        Object.assign(window, { asked, deliver: (code: string) => resolve({ code }) });
      });
    Object.defineProperty(navigator, 'credentials', { value: { get } });
    Object.assign(window, { OTPCredential: class {} });
  });
}

test('the browser reads the code out of the SMS where it can', async ({ page }) => {
  await readSms(page);
  await arrive(page);
  expect(await page.evaluate(() => 'asked' in window), 'nothing is awaited before a code is sent').toBe(false);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await page.waitForFunction(() => 'asked' in window);
  expect(await page.evaluate(() => (window as unknown as { asked: { otp: object } }).asked.otp)).toEqual({ transport: ['sms'] });
  await page.evaluate((code) => (window as unknown as { deliver(code: string): void }).deliver(code), await latestCode(page));
  await expectState(page, 'verified');
});

test('an SMS that may be read after its code was typed changes nothing', async ({ page }) => {
  await readSms(page);
  await arrive(page);
  const checks = checksOf(page);
  await requestCode(page, PHONE.typed);
  await page.waitForFunction(() => 'asked' in window);
  const code = await latestCode(page);
  await page.locator('#code').pressSequentially(code);
  await expectState(page, 'verified');
  await page.evaluate((late) => (window as unknown as { deliver(code: string): void }).deliver(late), code);
  await page.waitForTimeout(300);
  expect(checks).toHaveLength(1);
  await expectOutcome(page, 'verified');
});

test('a number is grouped as it is typed, and the caret is left alone', async ({ page }) => {
  await arrive(page);
  const field = page.locator('#phone_number');
  await field.pressSequentially('01012345678');
  await expect(field).toHaveValue('010-1234-5678');
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Backspace');
  await expect(field).toHaveValue('010-123-5678');
  await page.keyboard.type('4');
  await expect(field).toHaveValue('010-1234-5678');
  await page.keyboard.press('End');
  for (let n = 0; n < 6; n++) await page.keyboard.press('Backspace');
  await expect(field).toHaveValue(/^010-123-?$/);
});

/** Counts the codes that the page gives. */
function checksOf(page: Page): string[] {
  const checks: string[] = [];
  page.on('request', (request) => void (request.url().endsWith('/api/check') && checks.push(request.postData() ?? '')));
  return checks;
}

test('whoever mends a refused code digit by digit spends no attempt on the way', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const [code, checks, field] = [await latestCode(page), checksOf(page), page.locator('#code')];
  await field.pressSequentially(wrongCodeFor(code));
  await expectOutcome(page, 'incorrect_code');
  for (const at of [2, 3]) {
    await field.evaluate((input: HTMLInputElement, place) => input.setSelectionRange(place, place + 1), at);
    await page.keyboard.type('7');
  }
  await page.waitForTimeout(300);
  expect(checks).toHaveLength(1);
  await expect(page.locator('#attempts')).toHaveText(/4/);
  await field.fill('');
  await field.pressSequentially(code);
  await expectState(page, 'verified');
  expect(checks).toHaveLength(2);
});

test('a code that is filled in twice or behind typed digits is one entry', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const [code, checks, field] = [await latestCode(page), checksOf(page), page.locator('#code')];
  await field.fill(`123${code}`);
  await page.waitForTimeout(300);
  expect(checks, 'nine digits are no code').toHaveLength(0);
  await field.clear();
  await field.fill(code + code);
  await expectState(page, 'verified');
  expect(checks).toHaveLength(1);
});

test.describe('with a cooldown of a second', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '1' } });

  /** Waits for a code, gives a wrong one that stays in the field, and may ask for another. */
  async function leaveWrongCode(page: Page): Promise<void> {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await page.locator('#code').pressSequentially(wrongCodeFor(await latestCode(page)));
    await expectOutcome(page, 'incorrect_code');
    await page.waitForTimeout(1100);
  }

  test('an old code does not stand in the way of a new one', async ({ page }) => {
    await leaveWrongCode(page);
    await resend(page);
    await expectOutcome(page, 'code_sent');
    await expect(page.locator('#code')).toHaveValue('');
    await expect(page.locator('#code')).toBeFocused();
    await page.keyboard.type(await latestCode(page));
    await expectState(page, 'verified');
  });

  test('an old code does not stand in the way of one that another tab asked for', async ({ page, context }) => {
    await leaveWrongCode(page);
    const other = await context.newPage();
    await arrive(other);
    await resend(other);
    await expectOutcome(other, 'code_sent');
    await page.bringToFront();
    await expect(page.locator('#code')).toHaveValue('');
    await expect(page.locator('#message')).toHaveText('');
    await page.locator('#code').pressSequentially(await latestCode(other));
    await expectState(page, 'verified');
  });
});
