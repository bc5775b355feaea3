import { test } from '../support/fixture';
import { arrive, expectState, hydrated, requestCode } from '../support/journey';
import { PHONE } from '../support/phones';

test('a live page that signs up does not take over what another tab started for sign-in', async ({ page, context }) => {
  const other = await context.newPage();
  await arrive(other);
  await page.goto('/sign-in');
  await hydrated(page);
  const asked = other.waitForResponse('**/api/status');
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await asked;
  await other.waitForTimeout(100);
  await expectState(other, 'none');
});
