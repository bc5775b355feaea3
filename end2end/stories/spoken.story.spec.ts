import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, latestCode, requestCode, signUp, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';

// The accessibility tree of every state: what a screen reader finds there, in its order.
test.use({ locale: 'ko-KR' });

test('the steps of the journey, as a screen reader finds them', async ({ page }) => {
  const main = page.locator('main');
  await arrive(page);
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    - link "본문으로 건너뛰기":
      - /url: "#main"
    - banner:
      - link "Beonho":
        - /url: /
      - group: 언어 한국어
    - main:
      - heading "휴대폰 번호로 가입하기" [level=1]
      - status
      - paragraph: 번호를 입력하면 문자로 6자리 인증번호를 보내 드려요.
      - text: 휴대폰 번호
      - textbox "휴대폰 번호"
      - paragraph: "예: 010-1234-5678"
      - button "인증번호 받기"
      - navigation:
        - link "이미 계정이 있나요? 로그인하기":
          - /url: /sign-in
    - contentinfo
  `);
  await requestCode(page, '02-123-4567');
  await expectOutcome(page, 'invalid_phone_number');
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "휴대폰 번호로 가입하기" [level=1]
      - status: "휴대폰 번호가 아니에요. 문자를 받을 수 있는 번호를 입력해 주세요. 예: 010-1234-5678"
      - paragraph: 번호를 입력하면 문자로 6자리 인증번호를 보내 드려요.
      - text: 휴대폰 번호
      - textbox "휴대폰 번호" [invalid]: 02-123-4567
      - paragraph: "예: 010-1234-5678"
      - button "인증번호 받기"
      - navigation:
        - link "이미 계정이 있나요? 로그인하기":
          - /url: /sign-in
  `);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "휴대폰 번호로 가입하기" [level=1]
      - status: 인증번호를 보냈어요. 문자를 확인해 주세요.
      - heading "인증번호를 입력해 주세요" [level=2]
      - paragraph: 끝자리 5678 번호로 보낸 문자를 확인해 주세요.
      - text: 인증번호 6자리
      - textbox "인증번호 6자리"
      - button "확인"
      - list:
        - listitem: /남은 시간 \\d:\\d\\d/
        - listitem: 5번 더 입력할 수 있어요
      - paragraph: /\\d:\\d\\d 뒤에 다시 받을 수 있어요/
      - paragraph: 오늘 4번 더 받을 수 있어요
      - button "인증번호 다시 받기" [disabled]
      - group: 문자가 오지 않았나요?
      - navigation:
        - link "이미 계정이 있나요? 로그인하기":
          - /url: /sign-in
  `);
  const code = await latestCode(page);
  await enterCode(page, wrongCodeFor(code));
  await expectOutcome(page, 'incorrect_code');
  await page.locator('#no-text summary').click();
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "휴대폰 번호로 가입하기" [level=1]
      - status: 인증번호가 맞지 않아요. 문자를 다시 확인해 주세요.
      - heading "인증번호를 입력해 주세요" [level=2]
      - paragraph: 끝자리 5678 번호로 보낸 문자를 확인해 주세요.
      - text: 인증번호 6자리
      - textbox "인증번호 6자리" [invalid]: /\\d{6}/
      - button "확인"
      - list:
        - listitem: /남은 시간 \\d:\\d\\d/
        - listitem: 4번 더 입력할 수 있어요
      - paragraph: /\\d:\\d\\d 뒤에 다시 받을 수 있어요/
      - paragraph: 오늘 4번 더 받을 수 있어요
      - button "인증번호 다시 받기" [disabled]
      - group:
        - text: 문자가 오지 않았나요?
        - paragraph: 휴대폰이 켜져 있는지, 스팸 문자함과 통신사 스팸 차단 설정을 확인해 주세요.
        - paragraph: 시간이 더 필요하면 다시 받아도 괜찮아요. 먼저 받은 인증번호도 남은 시간 동안 쓸 수 있어요.
        - paragraph: 오늘 4번 더 받을 수 있어요
        - heading "휴대폰 번호를 잘못 입력했나요?" [level=3]
        - paragraph: 새 번호로 보내면 먼저 보낸 인증번호는 쓸 수 없어요.
        - text: 올바른 휴대폰 번호
        - textbox "올바른 휴대폰 번호"
        - button "인증번호 받기"
        - button "처음부터 다시 하기"
      - navigation:
        - link "이미 계정이 있나요? 로그인하기":
          - /url: /sign-in
  `);
  await enterCode(page, code);
  await expectState(page, 'verified');
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "휴대폰 번호로 가입하기" [level=1]
      - status: 번호를 확인했어요.
      - heading "어떻게 불러 드릴까요?" [level=2]
      - paragraph: 끝자리 5678 번호를 확인했어요. 닉네임만 정하면 가입이 끝나요.
      - text: 닉네임
      - textbox "닉네임"
      - paragraph: 1~30자
      - button "가입하기"
      - button "처음부터 다시 하기"
  `);
  await signUp(page, '민지');
  await expectState(page, 'signed_up');
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "반가워요!" [level=1]
      - paragraph: 민지 님, 함께하게 되어 기뻐요.
      - term: 휴대폰 번호
      - definition: 끝자리 5678
      - term: 가입한 날
      - definition:
        - time: /\\d{4}년 \\d+월 \\d+일/
      - button "로그아웃"
  `);
});

test.describe('with codes that live a second', () => {
  test.use({ serverEnv: { CODE_LIFETIME_SECS: '1', RESEND_COOLDOWN_SECS: '1' } });

  test('a time that is up, as a screen reader finds it', async ({ page }) => {
    const main = page.locator('main');
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'expired');
    await expect(main).toMatchAriaSnapshot(`
      - main:
        - heading "휴대폰 번호로 가입하기" [level=1]
        - status: 시간이 지났어요. 인증번호를 다시 받아 주세요.
        - heading "인증번호가 만료됐어요" [level=2]
        - paragraph: 끝자리 5678 번호로 새 인증번호를 받아 주세요.
        - paragraph: 지금 다시 받을 수 있어요
        - paragraph: 오늘 4번 더 받을 수 있어요
        - button "인증번호 다시 받기"
        - group: 문자가 오지 않았나요?
        - navigation:
          - link "이미 계정이 있나요? 로그인하기":
            - /url: /sign-in
    `);
  });
});

test.describe('with one attempt', () => {
  test.use({ serverEnv: { MAX_ATTEMPTS: '1' } });

  test('an attempt that was the last, as a screen reader finds it', async ({ page }) => {
    const main = page.locator('main');
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await enterCode(page, wrongCodeFor(await latestCode(page)));
    await expectState(page, 'exhausted');
    await expect(main).toMatchAriaSnapshot(`
      - main:
        - heading "휴대폰 번호로 가입하기" [level=1]
        - status: 인증번호가 맞지 않아요. 마지막 기회였으니 인증번호를 다시 받아 주세요.
        - heading "입력 횟수를 모두 썼어요" [level=2]
        - paragraph: 끝자리 5678 번호로 새 인증번호를 받아 주세요.
        - paragraph: /\\d:\\d\\d 뒤에 다시 받을 수 있어요/
        - paragraph: 오늘 4번 더 받을 수 있어요
        - button "인증번호 다시 받기" [disabled]
        - group: 문자가 오지 않았나요?
        - navigation:
          - link "이미 계정이 있나요? 로그인하기":
            - /url: /sign-in
    `);
  });
});

test('the pages beside the journey, as a screen reader finds them', async ({ page, complaints }) => {
  complaints.allowStatus(404);
  await page.goto('/sign-in');
  await hydrated(page);
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "휴대폰 번호로 로그인하기" [level=1]
      - status
      - paragraph: 가입한 번호를 입력하면 문자로 6자리 인증번호를 보내 드려요.
      - text: 휴대폰 번호
      - textbox "휴대폰 번호"
      - paragraph: "예: 010-1234-5678"
      - button "인증번호 받기"
      - navigation:
        - link "계정이 없나요? 가입하기":
          - /url: /
  `);
  await page.goto('/no-such-page');
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "페이지를 찾을 수 없어요" [level=1]
      - paragraph: 주소를 다시 확인해 주세요.
      - paragraph:
        - link "첫 화면으로":
          - /url: /
  `);
  await page.goto('/inbox');
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "문자함" [level=1]
      - paragraph: 보낸 문자를 개발 중에 보여 주는 화면이에요. 실제로 보내지는 않아요.
      - paragraph: 아직 받은 문자가 없어요.
  `);
});

test('what a field is wrong about is said with the field', async ({ page }) => {
  await arrive(page);
  await requestCode(page, '02-123-4567');
  await expectOutcome(page, 'invalid_phone_number');
  await expect(page.locator('#phone_number')).toHaveAccessibleName('휴대폰 번호');
  await expect(page.locator('#phone_number')).toHaveAccessibleDescription(/예: 010-1234-5678.*휴대폰 번호가 아니에요/);
  await expect(page.locator('#message')).toHaveRole('status');
});

test('the countdown is not spoken each second', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('[aria-live] #expiry, [role=status] #expiry, [role=timer]')).toHaveCount(0);
});

test('a refusal that is repeated is spoken again, though its words are the same', async ({ page }) => {
  await arrive(page);
  await page.evaluate(() => {
    const said: string[] = [];
    const line = document.querySelector('#message')!;
    new MutationObserver(() => said.push(line.textContent ?? '')).observe(line, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  for (const times of [1, 2, 3]) {
    await requestCode(page, '02-123-4567');
    await expect.poll(async () => (await said()).length).toBe(times);
  }
  const words = await said();
  expect(new Set(words.map((text) => text.trim())).size, 'the words stay').toBe(1);
  expect(words.every((text, at) => at === 0 || text !== words[at - 1]), 'and the line changes').toBe(true);
});
