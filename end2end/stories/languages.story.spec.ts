import type { Page } from '@playwright/test';
import { expectFits } from '../support/fits';
import { axe, expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, inbox, latestCode, open, requestCode, signUp, switchLanguage, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';

/** A person's browser, country and number, and a few words that they read. */
interface Reader {
  locale: string;
  tag: string;
  name: string;
  region: string;
  number: string;
  title: string;
  code: string;
  sms: string;
  welcome: string;
}

const READERS: Reader[] = [
  { locale: 'ko-KR', tag: 'ko', name: '한국어', region: 'KR', number: '010-1234-5678', title: '휴대폰 번호로 가입하기', code: '인증번호를 입력해 주세요', sms: '인증번호', welcome: '반가워요!' },
  { locale: 'en-US', tag: 'en', name: 'English', region: 'GB', number: '07400 123456', title: 'Sign up with your phone', code: 'Enter the code', sms: 'Verification code', welcome: 'Welcome!' },
  { locale: 'ja-JP', tag: 'ja', name: '日本語', region: 'JP', number: '090-1234-5678', title: '携帯電話番号で登録', code: '認証コードを入力してください', sms: '認証コード', welcome: 'ようこそ！' },
  { locale: 'zh-TW', tag: 'zh-Hant', name: '繁體中文', region: 'TW', number: '0912-345-678', title: '用手機號碼註冊', code: '請輸入驗證碼', sms: '驗證碼', welcome: '歡迎！' },
  { locale: 'zh-CN', tag: 'zh-Hans', name: '简体中文', region: 'CN', number: '131 2345 6789', title: '用手机号注册', code: '请输入验证码', sms: '验证码', welcome: '欢迎！' },
  { locale: 'vi-VN', tag: 'vi', name: 'Tiếng Việt', region: 'VN', number: '091 234 56 78', title: 'Đăng ký bằng số điện thoại', code: 'Nhập mã xác minh', sms: 'Mã xác minh', welcome: 'Chào mừng bạn!' },
  { locale: 'es-ES', tag: 'es', name: 'Español', region: 'ES', number: '612 34 56 78', title: 'Regístrate con tu teléfono', code: 'Escribe el código', sms: 'Código', welcome: '¡Te damos la bienvenida!' },
];

async function expectSound(page: Page): Promise<void> {
  await expectFits(page);
  await axe(page);
}

const HOUSE = { TERMS_URL: 'https://example.org/terms', PRIVACY_URL: 'https://example.org/privacy', SUPPORT_URL: 'https://example.org/help' };

for (const reader of READERS) {
  test.describe(`in ${reader.name}`, () => {
    test.use({
      locale: reader.locale,
      viewport: { width: 320, height: 720 },
      serverEnv: { ...HOUSE, DEFAULT_REGION: reader.region, ALLOWED_REGIONS: reader.region },
    });

    test('a person signs up with a number of their country', async ({ page }) => {
      await arrive(page);
      await expect(page.locator('html')).toHaveAttribute('lang', reader.tag);
      await expect(page).toHaveTitle(`${reader.title} · Beonho`);
      await expectSound(page);
      await requestCode(page, 'no number');
      await expectOutcome(page, 'invalid_phone_number');
      await expectFits(page);
      await requestCode(page, reader.number);
      await expectState(page, 'pending');
      await expect(page.getByRole('heading', { level: 2 }).filter({ visible: true })).toHaveText(reader.code);
      await expectSound(page);
      const [text = ''] = await inbox(page);
      expect(text.startsWith(`[Beonho] ${reader.sms} [`), text).toBe(true);
      const code = await latestCode(page);
      await enterCode(page, wrongCodeFor(code));
      await expectOutcome(page, 'incorrect_code');
      await expectSound(page);
      await enterCode(page, code);
      await expectState(page, 'verified');
      await expectSound(page);
      await signUp(page, '민지');
      await expectState(page, 'signed_up');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(reader.welcome);
      await expectSound(page);
    });

    test('the pages beside it fit', async ({ page, complaints }) => {
      complaints.allowStatus(400, 404);
      for (const path of ['/sign-in', '/cookies', '/no-such-page', '/inbox']) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', reader.tag);
        await expectSound(page);
      }
    });

    test('whoever comes here by the choice of a language stays in place', async ({ page }) => {
      const elsewhere = reader.tag === 'en' ? 'ko' : 'en';
      await page.goto('/sign-in');
      await switchLanguage(page, elsewhere);
      await requestCode(page, reader.number);
      await expectState(page, 'pending');
      await switchLanguage(page, reader.tag);
      await expectState(page, 'pending');
      await expect(page).toHaveURL('/sign-in');
      await expect(page.getByRole('heading', { level: 2 }).filter({ visible: true })).toHaveText(reader.code);
      await page.goto('/');
      await expect(page).toHaveTitle(`${reader.title} · Beonho`);
    });
  });
}

for (const [way, javaScriptEnabled] of [['with', true], ['without', false]] as const) {
  test.describe(`the choice ${way} JavaScript`, () => {
    test.use({ javaScriptEnabled, locale: 'en-US', viewport: { width: 320, height: 720 } });

    test('lists every language in itself, and says which is the page\'s', async ({ page }) => {
      await open(page);
      const links = page.locator('.languages-list a');
      await expect(links.filter({ visible: true })).toHaveCount(0);
      await page.locator('.languages > summary').focus();
      await page.keyboard.press('Enter');
      await expect(links.filter({ visible: true })).toHaveText(READERS.map((reader) => reader.name));
      await expectSound(page);
      for (const [at, reader] of READERS.entries()) {
        await page.keyboard.press('Tab');
        await expect(links.nth(at)).toBeFocused();
        await expect(links.nth(at)).toHaveAttribute('lang', reader.tag);
        const current = await links.nth(at).getAttribute('aria-current');
        expect(current, reader.name).toBe(reader.tag === 'en' ? 'true' : null);
      }
      await page.keyboard.press('Enter');
      await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    });
  });
}

test.describe('with a number of Korea', () => {
  test.use({ locale: 'ja-JP' });

  test('the page is Japanese, and the text what every handset there shows', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const [text = ''] = await inbox(page);
    expect(text.startsWith('[Beonho] Verification code ['), text).toBe(true);
  });
});
