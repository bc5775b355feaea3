import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, message, requestCode } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ provider: 'sens' });

test.beforeEach(({ complaints }) => complaints.allow(/^Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|FAILED)/));

test('a line that is lost in the middle of a send is told, and when it is back the page knows of the code', async ({ page, context, sens }) => {
  await page.route('**/api/start', async (route) => {
    await route.fetch();
    await context.setOffline(true);
    await route.abort('internetdisconnected');
  }, { times: 1 });
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'offline');
  await expect(message(page)).toHaveText(/^The connection was lost/);
  await expect(page.locator('#phone_number')).toHaveValue(PHONE.typed);
  await expect(page.locator('#number-form button')).toHaveText('Text me a code');
  await context.setOffline(false);
  await expectState(page, 'pending');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
  expect(sens.sent).toHaveLength(1);
});

test('without a line nothing typed is lost, and afterwards the same button works', async ({ page, context, sens }) => {
  await arrive(page);
  await context.setOffline(true);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'offline');
  await expect(page.locator('#phone_number')).toHaveValue(PHONE.typed);
  await context.setOffline(false);
  await page.locator('#number-form button').click();
  await expectState(page, 'pending');
  await expectOutcome(page, 'code_sent');
  await context.setOffline(true);
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectOutcome(page, 'offline');
  await expect(page.locator('#code')).toHaveValue(sens.lastCode(PHONE.digits));
  await context.setOffline(false);
  await page.locator('#code-form button').click();
  await expectState(page, 'verified');
});

test('an answer that is lost on its way is no second SMS, and the code works', async ({ page, sens }) => {
  await page.route('**/api/start', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectOutcome(page, 'offline');
  await page.locator('#number-form button').click();
  await expectState(page, 'pending');
  await expectOutcome(page, 'pending');
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
  expect(sens.sent).toHaveLength(1);
});

test('a check whose answer is lost can be repeated, and the person is verified', async ({ page, context, sens }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await page.route('**/api/check', async (route) => {
    const before = await context.cookies();
    await route.fetch();
    // The browser never sees the answer, nor the cookie in it.
    await context.clearCookies();
    await context.addCookies(before);
    await route.abort();
  }, { times: 1 });
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectOutcome(page, 'offline');
  // Longer than until the page asks what became of the text: it stays where it is.
  await page.waitForTimeout(4000);
  await expectState(page, 'pending');
  await page.locator('#code-form button').click();
  await expectState(page, 'verified');
});
