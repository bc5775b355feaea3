import { randomBytes } from 'node:crypto';
import type { Solapi } from './solapi';
import { authorizationOf } from './solapi_signature';

export const TEXT = '[테스트샵] 인증번호 [123456]\n\n@example.com #123456';

/** Calls the emulator as a careful client would, with the differences that a test wants to see refused. */
export function call(solapi: Solapi, method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = authorizationOf(solapi.settings, new Date().toISOString(), randomBytes(16).toString('hex'));
  return fetch(solapi.url + path, {
    method,
    redirect: 'manual',
    body: body && JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json', ...headers },
  });
}

/** Sends one text the way it should be sent; `more` are fields beside the messages. */
export function sendText(solapi: Solapi, to: string, changes: object = {}, more: object = {}): Promise<Response> {
  const message = { to, from: solapi.settings.sender, text: TEXT, ...changes };
  return call(solapi, 'POST', '/messages/v4/send-many/detail', { messages: [message], ...more });
}

/** Sends one talk with a text for where there is no Kakao; `changes` are of its options, `more` of the message. */
export function sendTalk(solapi: Solapi, to: string, changes: object = {}, more: object = {}): Promise<Response> {
  const { sender: from, template } = solapi.settings;
  const kakaoOptions = { pfId: template.pfId, templateId: template.templateId, variables: { '#{인증번호}': '123456' }, disableSms: false };
  const replacements = [{ to, from, type: 'SMS', text: TEXT }];
  return sendText(solapi, to, { text: undefined, type: 'ATA', kakaoOptions: { ...kakaoOptions, ...changes }, replacements, ...more });
}

export interface Listed {
  messageId: string;
  type: string;
  status: string;
  statusCode: string;
  replacement: boolean;
}

/** What the list says of the newest send. */
export async function list(solapi: Solapi, by: 'groupId' | 'messageId' = 'groupId'): Promise<Listed[]> {
  const query = new URLSearchParams({ [by]: solapi.sent.at(-1)?.[by] ?? '' });
  const response = await call(solapi, 'GET', `/messages/v4/list?${query}`);
  const { messageList } = (await response.json()) as { messageList: Record<string, Listed> };
  return Object.values(messageList);
}
