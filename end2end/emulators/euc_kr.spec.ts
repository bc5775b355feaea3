import { expect, test } from '@playwright/test';
import { cutToBytes, eucKrBytes, unencodable } from './euc_kr';

// The measured lengths of providers D.
const MEASURED: [number, string][] = [
  [67, '[테스트샵] 인증번호 [123456]를 입력해 주세요.\n\n@example.com #123456'],
  [76, '[테스트샵] 인증번호 [123456] 타인에게 공유하지 마세요.\n\n@example.com #123456'],
  [88, '[테스트샵] 인증번호 [123456] 타인에게 공유하지 마세요.\n\n@verify.my-company.co.kr #123456'],
  [86, '[Web발신]\n[테스트샵] 인증번호 [123456] 타인에게 공유하지 마세요.\n\n@example.com #123456'],
  [99, '[긴브랜드이름마켓] 인증번호 [123456] (3분 이내 입력, 타인 공유 금지)\n\n@verify.example.co.kr #123456'],
  [52, '[브랜드] 인증번호 123456\n@auth.example.co.kr #123456'],
];

for (const [bytes, text] of MEASURED) {
  test(`a text of ${bytes} bytes is measured as such`, () => {
    expect(eucKrBytes(text)).toBe(bytes);
  });
}

test('every modern syllable, the euro and common signs can be said', () => {
  expect(unencodable('가힣뷁똠€®·…※「」')).toEqual([]);
});

test('long dashes, no-break spaces and emoji cannot be said', () => {
  expect(unencodable('a—b–c\u00a0d😀')).toEqual(['—', '–', '\u00a0', '😀']);
});

test('a text is cut between characters, not inside one', () => {
  expect(cutToBytes('가나다', 5)).toBe('가나');
  expect(cutToBytes('가나다', 6)).toBe('가나다');
});
