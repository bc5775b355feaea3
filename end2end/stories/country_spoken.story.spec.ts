import type { Page } from '@playwright/test';
import { ALL, field, select, THREE } from '../support/country';
import { axe, expect, test } from '../support/fixture';
import { arrive } from '../support/journey';

// The accessibility tree of the step that asks for a number and its country.

async function soundInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
}

const IN_KOREAN = `
  - text: 국가 또는 지역
  - combobox "국가 또는 지역":
    - option "대한민국 +82" [selected]
    - option "미국 +1"
    - option "일본 +81"
  - text: 휴대폰 번호
  - textbox "휴대폰 번호"
  - paragraph: "예: 010-1234-5678"
  - button "인증번호 받기"
`;
const IN_ENGLISH = `
  - text: Country or region
  - combobox "Country or region":
    - option "Japan +81"
    - option "South Korea +82"
    - option "United States +1" [selected]
  - text: Mobile number
  - textbox "Mobile number"
  - paragraph: For example (201) 555-0123
  - button "Text me a code"
`;
const THREE_READ = { 'ko-KR': [IN_KOREAN, '예: 010-1234-5678'], 'en-US': [IN_ENGLISH, 'For example (201) 555-0123'] } as const;

for (const [locale, [tree, example]] of Object.entries(THREE_READ)) {
  test.describe(`with three regions, in ${locale}`, () => {
    test.use({ serverEnv: THREE, locale });

    test('the country is a field of its own, as a screen reader finds it', async ({ page }) => {
      await arrive(page);
      await expect(page.locator('#number-form')).toMatchAriaSnapshot(tree);
      await expect(field(page)).toHaveAccessibleDescription(example);
      await soundInBothThemes(page);
    });
  });
}

/** The first country, the one that is proposed, and the last. */
const ALL_IN_JAPANESE = `
  - text: 国または地域
  - combobox "国または地域":
    - option "アイスランド +354"
    - option "日本 +81" [selected]
    - option "北マリアナ諸島 +1"
  - text: 携帯電話番号
  - textbox "携帯電話番号"
  - paragraph: 例：090-1234-5678
  - button "認証コードを受け取る"
`;
const ALL_IN_ENGLISH = `
  - text: Country or region
  - combobox "Country or region":
    - option "Afghanistan +93"
    - option "United Kingdom +44" [selected]
    - option "Zimbabwe +263"
  - text: Mobile number
  - textbox "Mobile number"
  - paragraph: For example 07400 123456
  - button "Text me a code"
`;
const ALL_READ = { 'ja-JP': [ALL_IN_JAPANESE, '例：090-1234-5678'], 'en-GB': [ALL_IN_ENGLISH, 'For example 07400 123456'] } as const;

for (const [locale, [tree, example]] of Object.entries(ALL_READ)) {
  test.describe(`with all regions, in ${locale}`, () => {
    test.use({ serverEnv: ALL, locale });

    test('the country is one field however many there are, and each says its code', async ({ page }) => {
      await arrive(page);
      await expect(page.locator('#number-form')).toMatchAriaSnapshot(tree);
      await expect(field(page)).toHaveAccessibleDescription(example);
      const options = await select(page).locator('option').allInnerTexts();
      expect(options.length).toBeGreaterThan(240);
      expect(options.filter((text) => !/^\S.* \+\d{1,3}$/.test(text))).toEqual([]);
      await soundInBothThemes(page);
    });
  });
}
