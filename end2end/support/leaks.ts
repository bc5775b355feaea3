import { expect } from '@playwright/test';
import { codeIn } from '../emulators/sens_text';
import { PHONE, OTHER_PHONE } from './phones';
import type { Server } from './server';
import type { Vendors } from './vendor_env';

/** What must never be printed: vendors' credentials, codes and whole numbers (docs/design.md, "What is never logged?"). */
export interface Confidential {
  secrets: string[];
  codes: string[];
  numbers: string[];
}

/** All that passed through the emulators and the outbox and is confidential. */
export async function confidentialIn({ sens, alimtalk, twilio, messaging, hook, solapi }: Vendors, server: Server): Promise<Confidential> {
  const texts = [
    ...[...sens.sent.map((one) => one.submitted), ...alimtalk.sent.map((one) => one.content)],
    ...[...messaging.sent.map((one) => one.body), ...solapi.sent.map((one) => one.text)],
  ];
  const codes = [...twilio.verifications.map((one) => one.code), ...hook.tries.map((one) => one.otp), ...(await outboxCodes(server))];
  const sends = [...sens.sent, ...alimtalk.sent, ...twilio.starts, ...messaging.sent, ...hook.tries, ...solapi.sent];
  const tokens = [twilio.settings.authToken, messaging.settings.authToken];
  return {
    secrets: [sens.settings.secretKey, alimtalk.settings.secretKey, ...tokens, hook.settings.secret, solapi.settings.apiSecret],
    codes: [...texts.map((text) => codeIn(text) ?? ''), ...codes],
    numbers: [...sends.map((one) => one.to), PHONE.e164, OTHER_PHONE.e164],
  };
}

/** The codes that the development page shows, which is there with the outbox only. */
async function outboxCodes(server: Server): Promise<string[]> {
  const page = await fetch(`${server.address}/inbox/messages`).catch(() => undefined);
  const texts = page?.ok ? (await page.text()).split('<article') : [];
  return texts.map((text) => codeIn(text) ?? '');
}

export function expectNoLeaks(printed: string, { secrets, codes, numbers }: Confidential): void {
  const output = withoutInstants(printed);
  const leaks = [
    ...secrets.filter((secret) => output.includes(secret)).map(() => 'a secret'),
    ...codes.filter((code) => code && new RegExp(`(?<!\\d)${code}(?!\\d)`).test(output)).map((code) => `the code ${code}`),
    ...numbers.filter((number) => digitsOf(output).includes(lastDigits(number))).map((number) => `the number ${number}`),
  ];
  expect(leaks, 'leaks in what the server printed').toEqual([]);
}

/** The text without the instants before each line, whose fraction has six digits too. */
function withoutInstants(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
}

/** The text with numbers that were grouped by spaces or hyphens put together. */
function digitsOf(text: string): string {
  return text.replace(/(?<=\d)[- ](?=\d)/g, '');
}

/** The end that all spellings of a Korean mobile number share. */
function lastDigits(number: string): string {
  return number.replace(/\D/g, '').slice(-10);
}
