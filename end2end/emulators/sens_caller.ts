import type { Sens } from './sens';
import { sign } from './sens_signature';

export const TEXT = '[테스트샵] 인증번호 [123456]\n\n@example.com #123456';

/** Calls the emulator as a careful client would, with the differences that a test wants to see refused. */
export async function call(
  sens: Pick<Sens, 'url' | 'settings'>,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const target = `/sms/v2/services/${sens.settings.serviceId}${path}`;
  const timestamp = String(Date.now());
  return fetch(sens.url + target, {
    method,
    redirect: 'manual',
    body: body && JSON.stringify(body),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-iam-access-key': sens.settings.accessKey,
      'x-ncp-apigw-signature-v2': sign(method, target, timestamp, sens.settings),
      ...headers,
    },
  });
}

/** Sends one text the way it should be sent. */
export function sendText(sens: Sens, to: string, content = TEXT, changes: object = {}): Promise<Response> {
  const fields = { type: 'SMS', contentType: 'COMM', countryCode: '82', from: sens.settings.sender, content };
  return call(sens, 'POST', '/messages', { ...fields, messages: [{ to }], ...changes });
}
