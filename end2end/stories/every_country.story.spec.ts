import { ALL, field, hint, select, type } from '../support/country';
import { expectFits } from '../support/fits';
import { axe, expect, test } from '../support/fixture';
import { arrive, expectState, numberShown, requestCode } from '../support/journey';

test.describe('with all regions', () => {
  test.use({ serverEnv: ALL, locale: 'en-GB', viewport: { width: 320, height: 640 } });

  test('every country is there by its name, in the order of the language', async ({ page }) => {
    await arrive(page);
    const names = await select(page).locator('option').allInnerTexts();
    expect(names.length).toBeGreaterThan(240);
    expect(names).toEqual(names.toSorted(new Intl.Collator('en').compare));
    await expect(select(page)).toHaveValue('GB');
    await expect(hint(page)).toHaveText('For example 07400 123456');
    await type(page, '07400123456');
    await expect(field(page)).toHaveValue('07400 123456');
    await axe(page);
  });

  test('it fits into 320 pixels, and the select is found by typing', async ({ page }) => {
    await arrive(page);
    await expectFits(page);
    await select(page).focus();
    await page.keyboard.type('Germ');
    await expect(select(page)).toHaveValue('DE');
    await type(page, '01701234567');
    await expect(field(page)).toHaveValue('0170 1234567');
    await type(page, '+7');
    await expect(select(page), 'what the code is for first').toHaveValue('RU');
    await select(page).selectOption('KZ');
    await type(page, '+7 771');
    await expect(select(page), 'who shares the code stays').toHaveValue('KZ');
    await requestCode(page, '8 (912) 345-67-89');
    await expectState(page, 'pending');
    await expect(numberShown(page)).toHaveText('+7 ****-6789');
  });
});
