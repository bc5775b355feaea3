import type { SensAlimtalk } from './sens_alimtalk';
import { sign } from './sens_signature';

export const TALK = '[테스트샵] 인증번호는 123456입니다.\n타인에게 알려주지 마세요.';
export const SMS = '[테스트샵] 인증번호 [123456]\n\n@example.com #123456';

/** Calls the emulator as a careful client would, with the differences that a test wants to see refused. */
export async function callTalk(
  talk: Pick<SensAlimtalk, 'url' | 'settings'>,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const target = `/alimtalk/v2/services/${talk.settings.serviceId}${path}`;
  const timestamp = String(Date.now());
  return fetch(talk.url + target, {
    method,
    redirect: 'manual',
    body: body && JSON.stringify(body),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-iam-access-key': talk.settings.accessKey,
      'x-ncp-apigw-signature-v2': sign(method, target, timestamp, talk.settings),
      ...headers,
    },
  });
}

/** Sends one talk the way it should be sent, with a text message to fall back upon. */
export function sendTalk(talk: SensAlimtalk, to: string, ofMessage: object = {}, ofRequest: object = {}): Promise<Response> {
  const failoverConfig = { type: 'SMS', from: talk.settings.sender, content: SMS };
  const message = { countryCode: '82', to, content: TALK, useSmsFailover: true, failoverConfig, ...ofMessage };
  const { plusFriendId, templateCode } = talk.settings;
  return callTalk(talk, 'POST', '/messages', { plusFriendId, templateCode, messages: [message], ...ofRequest });
}

/** The result of the newest talk, looked at once more. */
export async function result(talk: SensAlimtalk): Promise<Record<string, unknown>> {
  const response = await callTalk(talk, 'GET', `/messages/${talk.sent.at(-1)?.messageId}`);
  return (await response.json()) as Record<string, unknown>;
}
