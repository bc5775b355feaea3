import { json, type Answer } from './http';
import type { Verdict } from './solapi_signature';

/** An error of the whole request, as the published clients read it (providers C). */
export function solapiError(status: number, errorCode: string, errorMessage: string): Answer {
  return json(status, { errorCode, errorMessage });
}

/**
 * Errors that the vendor's documents name with their statuses (api-key page; messages/v4/send for ValidationError and
 * NotEnoughBalance). For the three at the end neither status nor code is published: they are guesses.
 */
export const solapiErrors = {
  invalidApiKey: solapiError(403, 'InvalidAPIKey', '유효한 API Key가 아닙니다.'),
  signatureDoesNotMatch: solapiError(403, 'SignatureDoesNotMatch', '생성한 Signature가 일치하지 않습니다.'),
  requestTimeTooSkewed: solapiError(403, 'RequestTimeTooSkewed', '시간 값이 서버 시간을 15분 이상 벗어났습니다.'),
  duplicatedSignature: solapiError(403, 'DuplicatedSignature', '15분 안에 동일한 signature 값이 사용되었습니다.'),
  validation: solapiError(400, 'ValidationError', '정해진 형식에 맞지 않습니다.'),
  notEnoughBalance: solapiError(402, 'NotEnoughBalance', '보유 잔액이 부족합니다.'),
  notFound: solapiError(404, 'ResourceNotFound', 'not found'),
  tooManyRequests: solapiError(429, 'TooManyRequests', 'too many requests'),
  internal: solapiError(500, 'InternalError', 'internal error'),
} satisfies Record<string, Answer>;

/** What an authorization that is not taken is answered; without a readable one, as without a key. */
export const refusals: Record<Exclude<Verdict, 'valid'>, Answer> = {
  missing: solapiErrors.invalidApiKey,
  unknownKey: solapiErrors.invalidApiKey,
  skewed: solapiErrors.requestTimeTooSkewed,
  mismatch: solapiErrors.signatureDoesNotMatch,
  used: solapiErrors.duplicatedSignature,
};

/** Codes of single messages, of those that mean something here (message-status-codes page); the first digit is the stage. */
export const statusMessages: Record<string, string> = {
  '1010': '필수 입력 값 미입력',
  '1011': 'Format Error',
  '1025': '잘못된 메시지 타입',
  '1026': '중복 수신번호',
  '1029': 'EUC-KR(완성형 한글) 범위 안에 있는 문자만 사용 합니다.',
  '1030': '잔액 부족',
  '1031': 'SMS는 90byte까지 사용 가능 합니다.',
  '1033': 'kakaoOptions은 메시지가 ATA 나 CTA인 경우에만 사용가능합니다.',
  '1041': '유효한 플러스 친구 값이 아닙니다.',
  '1042': '유효한 템플릿 아이디가 아닙니다.',
  '1043': '등록한 템플릿과 내용이 다릅니다.',
  '1060': '차단된 수신번호',
  '1061': '사용자에 의해 수신거부 됨(080무료수신거부)',
  '1062': '발신번호 미등록',
  '2000': '정상 접수(이통사로 접수 예정) ',
  '2230': '잔액 부족',
  '3000': '이통사로 접수(리포트를 기다리는 중)',
  '3032': '미가입자',
  '3043': '단말기 Power off',
  '3054': 'SPAM',
  '3104': '카카오톡 미사용자',
  '4000': '발송 처리 완료',
};

export const ACCOUNT = '26112700000001';

/** One message of an answer to a send. */
export interface Registered {
  messageId: string;
  statusCode: string;
  to: string;
  from: string;
  type: string;
  country: string;
}

/** HTTP 200 also when not one message was taken: then all of them are in `failedMessageList` (providers C). */
export function sendAnswer(groupId: string, messages: Registered[], at: number, listed: boolean): Answer {
  const rows = messages.map((one) => ({ ...one, statusMessage: statusMessages[one.statusCode] ?? '', accountId: ACCOUNT, customFields: {} }));
  const failed = rows.filter((one) => one.statusCode !== '2000');
  const messageList = rows.map(({ messageId, statusCode, statusMessage, customFields }) => ({ messageId, statusCode, statusMessage, customFields }));
  return json(200, { failedMessageList: failed, groupInfo: groupInfo(groupId, rows, at), ...(listed ? { messageList } : {}) });
}

/** A page of messages: an object by their ids, not an array (msg-getList page). */
export function listAnswer(messages: { messageId: string }[]): Answer {
  const messageList = Object.fromEntries(messages.map((one) => [one.messageId, one]));
  return json(200, { startKey: null, nextKey: null, limit: 20, messageList });
}

const TYPES = ['sms', 'lms', 'mms', 'ata', 'cta', 'cti', 'nsa', 'rcs_sms', 'rcs_lms', 'rcs_mms', 'rcs_tpl'];

/** Every field of the documented sample of a group. */
function groupInfo(groupId: string, messages: Registered[], at: number): object {
  const taken = messages.filter((one) => one.statusCode === '2000');
  const money = { requested: 0, replacement: 0, refund: 0, sum: 0 };
  const date = new Date(at).toISOString();
  const counts = { sentTotal: 0, sentFailed: 0, sentSuccess: 0, sentPending: 0, sentReplacement: 0, refund: 0 };
  return {
    count: { total: messages.length, ...counts, registeredFailed: messages.length - taken.length, registeredSuccess: taken.length },
    countForCharge: Object.fromEntries(TYPES.map((type) => [type, chargedOf(taken, type)])),
    balance: money,
    point: money,
    app: { profit: Object.fromEntries(TYPES.map((type) => [type, 0])), appId: null, version: null },
    serviceMethod: 'MT',
    sdkVersion: null,
    osPlatform: null,
    log: [{ createAt: date, message: '메시지 그룹이 생성되었습니다.' }],
    status: taken.length > 0 ? 'SENDING' : 'FAILED',
    dateSent: date,
    scheduledDate: null,
    dateCompleted: null,
    isRefunded: false,
    flagUpdated: false,
    prepaid: true,
    strict: false,
    masterAccountId: null,
    allowDuplicates: false,
    accountId: ACCOUNT,
    apiVersion: '4',
    customFields: {},
    hint: null,
    groupId,
    price: {},
    dateCreated: date,
    dateUpdated: date,
  };
}

/** How many of a type are charged for, by country. */
function chargedOf(messages: Registered[], type: string): Record<string, number> {
  const charged: Record<string, number> = {};
  for (const one of messages.filter((one) => one.type.toLowerCase() === type)) charged[one.country] = (charged[one.country] ?? 0) + 1;
  return charged;
}
