import { expect, test } from '@playwright/test';
import { expectNoLeaks } from './leaks';

const CONFIDENTIAL = { secrets: ['hush'], codes: ['123456'], numbers: ['+821012345678'] };

for (const line of ['key=hush', 'code 123456.', '"01012345678"', 'to +82 10-1234-5678', '821012345678']) {
  test(`a line with ${line} is a leak`, () => {
    expect(() => expectNoLeaks(`first\n${line}\n`, CONFIDENTIAL)).toThrow('leaks in what the server printed');
  });
}

test('a masked number and other digits are no leaks', () => {
  expectNoLeaks('to +82 10-****-5678 at 1234567 took 12345 us', CONFIDENTIAL);
});
