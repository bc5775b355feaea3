import type { Page } from '@playwright/test';
import { ALL, THREE } from './support/country';
import { expectFits } from './support/fits';
import { axe, test } from './support/fixture';
import { arrive } from './support/journey';
import { take } from './support/pictures';

const LANGUAGES = ['ko', 'en', 'ja'];
const REGIONS = { one: {}, three: THREE, all: ALL };

async function check(page: Page): Promise<void> {
  await expectFits(page);
  await axe(page);
}

for (const [many, serverEnv] of Object.entries(REGIONS)) {
  test.describe(`pictures with ${many} to choose from`, () => {
    test.use({ serverEnv });

    test('of the number step, in three languages, sound in each', async ({ browser, baseURL, complaints }) => {
      for (const locale of LANGUAGES) {
        const context = await browser.newContext({ baseURL, locale });
        await complaints.watch(context);
        const page = await context.newPage();
        await arrive(page);
        await take(page, locale, `number-${many}`, { widths: [1280, 320], check });
        if (many === 'three') await take(page, locale, 'country', { widths: [390] });
        await context.close();
      }
    });
  });
}
