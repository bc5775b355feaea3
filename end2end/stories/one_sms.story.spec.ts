import type { Sens } from '../emulators/sens';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, requestCode } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ provider: 'sens' });

/** Holds the vendor's answer back until it is let go, so that a second press comes while the first is under way. */
function holdAnswer(sens: Sens): () => void {
  let answer = (): void => {};
  sens.script('*', [{ on: 'send', until: new Promise<void>((resolve) => (answer = resolve)) }]);
  return answer;
}

test('a double click sends one SMS', async ({ page, sens }) => {
  const answer = holdAnswer(sens);
  await arrive(page);
  await page.locator('#phone_number').fill(PHONE.typed);
  await page.locator('#number-form button').dblclick();
  answer();
  await expectOutcome(page, 'code_sent');
  expect(sens.sent).toHaveLength(1);
});

test('pressing Enter twice sends one SMS', async ({ page, sens }) => {
  const answer = holdAnswer(sens);
  await arrive(page);
  await page.locator('#phone_number').fill(PHONE.typed);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  answer();
  await expectOutcome(page, 'code_sent');
  expect(sens.sent).toHaveLength(1);
});

test('the button says what it is doing', async ({ page, sens }) => {
  const answer = holdAnswer(sens);
  await arrive(page);
  const button = page.locator('#number-form button');
  await page.locator('#phone_number').fill(PHONE.typed);
  await button.click();
  await expect(button).toHaveText('Sending…');
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  answer();
  await expectOutcome(page, 'code_sent');
});

test('two tabs at once send one SMS', async ({ page, context, sens }) => {
  sens.script('*', [{ on: 'send', delayMs: 400 }]);
  const tab = await context.newPage();
  for (const one of [page, tab]) {
    await arrive(one);
    await one.locator('#phone_number').fill(PHONE.typed);
  }
  await Promise.all([page, tab].map((one) => one.locator('#number-form button').click()));
  for (const one of [page, tab]) await expectState(one, 'pending');
  expect(sens.sent).toHaveLength(1);
});

test('a reload during a send neither sends again nor loses the code', async ({ page, sens }) => {
  sens.script('*', [{ on: 'send', delayMs: 1500 }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect.poll(() => sens.sent.length).toBe(1);
  await page.reload();
  await hydrated(page);
  await expectState(page, 'pending');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
  expect(sens.sent).toHaveLength(1);
});

test('a browser that leaves while the vendor is slow finds its code sent and recorded', async ({ page, context, sens }) => {
  sens.script('*', [{ on: 'send', delayMs: 2000 }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect.poll(() => sens.sent.length).toBe(1);
  await page.close();
  const later = await context.newPage();
  await arrive(later);
  await expectState(later, 'pending');
  await enterCode(later, sens.lastCode(PHONE.digits));
  await expectState(later, 'verified');
  expect(sens.sent).toHaveLength(1);
});
