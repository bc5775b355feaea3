import { randomUUID } from 'node:crypto';
import type { Failover, Talk } from './sens_alimtalk_request';
import { cutToBytes, unencodable } from './euc_kr';
import { seoul } from './sens_answers';
import { SMS_BYTES } from './sens_message';

/**
 * What becomes of a talk. A000, 0000 and "0" are success and all else is failure (the page sens-alimtalk-get, and the types of
 * the npm package @pickk/sens); a request's code that begins with B has no failover. No list of the other codes could be
 * read, so A001 and B001 are made up, and 3019 and 3016 are Kakao's.
 */
export interface TalkOutcome {
  requestStatusCode?: string;
  messageStatusCode?: string;
  smsStatusCode?: string;
}

/** For a script's `outcome`. */
export const talkOutcomes = {
  delivered: {},
  /** The phone has no KakaoTalk. */
  bySms: { messageStatusCode: '3019' },
  bothFailed: { messageStatusCode: '3019', smsStatusCode: '3001' },
  /** Refused in the answer to the send: nothing goes out, no text message either. */
  refused: { requestStatusCode: 'B001' },
  /** Not accepted in the answer to the send, and sent as a text message all the same. */
  notAccepted: { requestStatusCode: 'A001' },
  /** Kakao finds that the text is not the approved one, after the send was accepted. */
  mismatched: { messageStatusCode: '3016' },
} satisfies Record<string, TalkOutcome>;

const ACCEPTED = 'A000';
const TALK_DELIVERED = '0000';
const SMS_DELIVERED = '0';
/** As with a text message of its own (providers A4, A11). */
const CHARSET_FAILED = '3022';

/** One talk to one phone; `sms` is what its failover sends, with what the phone would show of it. */
export interface SentTalk {
  to: string;
  content: string;
  templateCode: string;
  requestId: string;
  messageId: string;
  at: number;
  requestStatusCode: string;
  messageStatusCode: string;
  sms: (Failover & { shown: string; requestId: string; messageId: string; statusCode: string }) | undefined;
  /** How often its result was asked for: every look moves it one step. */
  looks: number;
}

export function newTalk(talk: Talk, templateCode: string, requestId: string, at: number, outcome: TalkOutcome): SentTalk {
  const { requestStatusCode = ACCEPTED, messageStatusCode = TALK_DELIVERED, smsStatusCode } = outcome;
  const { failover } = talk;
  const sms = failover && {
    ...failover,
    shown: cutToBytes(failover.content, SMS_BYTES),
    requestId: randomUUID(),
    messageId: randomUUID(),
    statusCode: smsStatusCode ?? (unencodable(failover.content).length > 0 ? CHARSET_FAILED : SMS_DELIVERED),
  };
  const { to, content } = talk;
  return { to, content, templateCode, requestId, messageId: randomUUID(), at, requestStatusCode, messageStatusCode, sms, looks: 0 };
}

/** The text that the phone shows in the end, by talk or by text message. */
export function arrived(talk: SentTalk): string | undefined {
  if (goesOutAsSms(talk)) return talk.sms?.statusCode === SMS_DELIVERED ? talk.sms.shown : undefined;
  const isDelivered = talk.requestStatusCode === ACCEPTED && talk.messageStatusCode === TALK_DELIVERED;
  return isDelivered ? talk.content : undefined;
}

/** The failover is for what failed, at Kakao or before, unless the request was refused for good. */
function goesOutAsSms({ sms, requestStatusCode, messageStatusCode }: SentTalk): boolean {
  if (!sms || requestStatusCode.startsWith('B')) return false;
  return requestStatusCode !== ACCEPTED || messageStatusCode !== TALK_DELIVERED;
}

/** The message as the answer to a send shows it. */
export function answered(talk: SentTalk): object {
  return { messageId: talk.messageId, countryCode: '82', to: talk.to, content: talk.content, ...requestStatus(talk), useSmsFailover: talk.sms !== undefined };
}

/** The message as the result shows it: nothing of Kakao at the first look, then its word, then the failover step by step. */
export function shown(talk: SentTalk, plusFriendId: string): object {
  return {
    requestId: talk.requestId,
    messageId: talk.messageId,
    requestTime: seoul(talk.at).replace(' ', 'T'),
    plusFriendId,
    templateCode: talk.templateCode,
    countryCode: '82',
    to: talk.to,
    content: talk.content,
    ...requestStatus(talk),
    ...messageStatus(talk),
    useSmsFailover: talk.sms !== undefined,
    ...failoverStatus(talk),
  };
}

function requestStatus({ requestStatusCode }: SentTalk): object {
  const requestStatusName = requestStatusCode === ACCEPTED ? 'success' : 'fail';
  return { requestStatusCode, requestStatusName, requestStatusDesc: requestStatusName };
}

function messageStatus(talk: SentTalk): object {
  if (talk.requestStatusCode !== ACCEPTED) return {};
  if (talk.looks <= 1) return { messageStatusName: 'processing' };
  const { messageStatusCode } = talk;
  const messageStatusName = messageStatusCode === TALK_DELIVERED ? 'success' : 'fail';
  const completeTime = seoul(Date.now()).replace(' ', 'T').slice(0, 19);
  return { messageStatusCode, messageStatusName, messageStatusDesc: messageStatusName, completeTime };
}

/** The failover is there once the talk has failed: first asked for, then READY, PROCESSING and COMPLETED. */
function failoverStatus(talk: SentTalk): object {
  const { sms, looks } = talk;
  if (!sms || looks <= 1 || !goesOutAsSms(talk)) return {};
  const messageStatus = looks === 2 ? 'READY' : looks === 3 ? 'PROCESSING' : 'COMPLETED';
  const { requestId, messageId, statusCode } = sms;
  const result = messageStatus === 'COMPLETED' && { messageStatusCode: statusCode, messageStatusName: statusCode === SMS_DELIVERED ? 'success' : 'fail' };
  return {
    failover: {
      smsServiceId: 'ncp:sms:kr:123456789012:verify-svc',
      requestId,
      requestStatusCode: '202',
      requestStatusName: 'success',
      requestStatusDesc: 'success',
      messageId,
      messageStatus,
      ...result,
    },
  };
}
