import { expect } from '@playwright/test';
import type { Sens } from '../emulators/sens';
import { codeIn } from '../emulators/sens_text';
import type { TwilioVerify } from '../emulators/twilio_verify';

/** What must never be printed: vendors' credentials, codes and whole numbers (DESIGN 6). */
export interface Confidential {
  secrets: string[];
  codes: string[];
  numbers: string[];
}

/** All that passed through the emulators and is confidential. */
export function confidentialIn(sens: Sens, twilio: TwilioVerify): Confidential {
  return {
    secrets: [sens.settings.secretKey, twilio.settings.authToken],
    codes: [...sens.sent.map((one) => codeIn(one.submitted) ?? ''), ...twilio.verifications.map((one) => one.code)],
    numbers: [...sens.sent.map((one) => one.to), ...twilio.starts.map((one) => one.to)],
  };
}

export function expectNoLeaks(output: string, { secrets, codes, numbers }: Confidential): void {
  const leaks = [
    ...secrets.filter((secret) => output.includes(secret)).map(() => 'a secret'),
    ...codes.filter((code) => code && new RegExp(`(?<!\\d)${code}(?!\\d)`).test(output)).map((code) => `the code ${code}`),
    ...numbers.filter((number) => digitsOf(output).includes(lastDigits(number))).map((number) => `the number ${number}`),
  ];
  expect(leaks, 'leaks in what the server printed').toEqual([]);
}

/** The text with numbers that were grouped by spaces or hyphens put together. */
function digitsOf(text: string): string {
  return text.replace(/(?<=\d)[- ](?=\d)/g, '');
}

/** The end that all spellings of a Korean mobile number share. */
function lastDigits(number: string): string {
  return number.replace(/\D/g, '').slice(-10);
}
