import { randomBytes, randomUUID } from 'node:crypto';
import { seoul } from './sens_answers';
import { cutToBytes, unencodable } from './euc_kr';

/** How a message ended at the carrier; `statusCode` "0" is success, all else a failure (providers A7). */
export interface Delivery {
  statusCode: string;
  statusName?: string;
  statusMessage?: string;
  telcoCode?: string;
}

/** One message to one phone. `content` is what the phone shows, `submitted` what was asked for. */
export interface SentMessage {
  to: string;
  content: string;
  submitted: string;
  from: string;
  requestId: string;
  messageId: string;
  at: number;
  delivery: Delivery;
  /** How often its result was asked for: every look moves it one step. */
  looks: number;
}

/** SMS holds this many bytes of EUC-KR; what is longer loses its end (providers A4). */
export const SMS_BYTES = 90;

/** A character that cannot be converted makes the delivery fail, not the request (providers A4; the code is a guess, A11). */
const CHARSET_FAILED: Delivery = { statusCode: '3022', statusName: 'fail' };
const DELIVERED: Delivery = { statusCode: '0', statusName: 'success', telcoCode: 'SKT' };

/** An opaque request id that looks like the documented samples (providers A5). */
export function newRequestId(at: number): string {
  return `RSSA-${seoul(at).replace(/\D/g, '')}-${randomBytes(4).toString('hex')}`;
}

export function newMessage(
  fields: Pick<SentMessage, 'to' | 'from' | 'submitted' | 'requestId' | 'at'>,
  delivery?: Delivery,
): SentMessage {
  const ordinary = unencodable(fields.submitted).length > 0 ? CHARSET_FAILED : DELIVERED;
  const content = cutToBytes(fields.submitted, SMS_BYTES);
  return { ...fields, content, messageId: randomUUID(), delivery: delivery ?? ordinary, looks: 0 };
}

/** Whether the phone shows it in the end. */
export function hasArrived(message: SentMessage): boolean {
  return message.delivery.statusCode === '0';
}

/** Right after a send the list is still empty (providers A6); then READY, PROCESSING, COMPLETED, one step for each look. */
export function look(message: SentMessage): boolean {
  message.looks += 1;
  return message.looks > 1;
}

function status(message: SentMessage): 'READY' | 'PROCESSING' | 'COMPLETED' {
  if (message.looks <= 2) return 'READY';
  return message.looks === 3 ? 'PROCESSING' : 'COMPLETED';
}

/** A message as list and get show it: results are empty until COMPLETED (providers A7). */
export function shown(message: SentMessage): object {
  const completed = status(message) === 'COMPLETED';
  const { statusCode, statusName = statusCode === '0' ? 'success' : 'fail', statusMessage = '', telcoCode = 'ETC' } = message.delivery;
  const result = completed ? { statusCode, statusName, statusMessage, telcoCode } : { statusCode: '', statusName: '', statusMessage: '' };
  return {
    requestId: message.requestId,
    messageId: message.messageId,
    requestTime: seoul(message.at).slice(0, 19),
    contentType: 'COMM',
    type: 'SMS',
    content: message.content,
    countryCode: '82',
    from: message.from,
    to: message.to,
    status: status(message),
    ...result,
    ...(completed ? { completeTime: seoul(Date.now()).slice(0, 19) } : {}),
  };
}
