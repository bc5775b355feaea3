import { randomInt } from 'node:crypto';
import { cutToBytes } from './euc_kr';
import { seoul } from './sens_answers';
import { ACCOUNT, statusMessages } from './solapi_answers';
import type { WantedMessage } from './solapi_request';

/** How a message ends, by status code: 4000 unless said, anything else is a failure (message-status-codes page). */
export interface SolapiDelivery {
  /** At Kakao, for an AlimTalk. */
  talk?: string;
  /** At the carrier: an SMS, or the one in an AlimTalk's place. */
  sms?: string;
}

/** One message that was taken. */
export interface SolapiMessage extends WantedMessage {
  messageId: string;
  groupId: string;
  /** The id of the SMS in its place, where that is a message of its own. */
  replacementId: string;
  delivery: SolapiDelivery;
  at: number;
  /** How often its result was asked for: every look moves it one step. */
  looks: number;
}

/** Whether an SMS in place of a talk is the same message, changed, or another of its group: no document says which. */
export type Replacing = 'same_message' | 'new_message';

interface State {
  type: string;
  status: string;
  statusCode: string;
  replacement: boolean;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id as in the documented samples: a letter, 4V, the instant in Seoul, and fifteen letters. */
export function newId(letter: 'G' | 'M', at: number): string {
  const noise = Array.from({ length: 15 }, () => LETTERS[randomInt(LETTERS.length)]);
  return `${letter}4V${seoul(at).replace(/\D/g, '').slice(0, 14)}${noise.join('')}`;
}

export function newMessage(wanted: WantedMessage, groupId: string, at: number, delivery: SolapiDelivery = {}): SolapiMessage {
  return { ...wanted, messageId: newId('M', at), replacementId: newId('M', at), groupId, delivery, at, looks: 0 };
}

/** What the phone shows in the end: the talk, or the SMS, or nothing. */
export function contentOf(message: SolapiMessage): string | undefined {
  if (message.talk !== undefined && talkCode(message) === '4000') return message.talk;
  if (message.talk !== undefined && message.disableSms) return undefined;
  return smsCode(message) === '4000' ? cutToBytes(message.text, 90) : undefined;
}

function talkCode({ delivery }: SolapiMessage): string {
  return delivery.talk ?? '4000';
}

function smsCode({ delivery }: SolapiMessage): string {
  return delivery.sms ?? '4000';
}

/** Moves a message one step; at first the list does not know it yet, which no document rules out. */
export function look(message: SolapiMessage, replacing: Replacing): ({ messageId: string } & State)[] {
  message.looks += 1;
  const step = message.looks - 2;
  if (step < 0) return [];
  if (!isReplaced(message)) return [shown(message, message.messageId, at(ordinary(message), step))];
  if (replacing === 'same_message') return [shown(message, message.messageId, at(changed(message), step))];
  const refused = { type: 'ATA', status: 'COMPLETE', statusCode: talkCode(message), replacement: false };
  if (step === 0) return [shown(message, message.messageId, pending('ATA'))];
  return [shown(message, message.messageId, refused), shown(message, message.replacementId, at(replaced(message), step - 1))];
}

function isReplaced(message: SolapiMessage): boolean {
  return message.talk !== undefined && talkCode(message) !== '4000' && !message.disableSms;
}

function at(states: State[], step: number): State {
  return states[Math.min(step, states.length - 1)]!;
}

/**
 * Codes: taken is 2000, at the carrier is 3000, done is 4000 (message-status-codes page). Of the words, the documents show PENDING and
 * COMPLETE for messages; SENDING, which they have for groups, is a guess, and so is COMPLETE for what failed.
 */
function ordinary(message: SolapiMessage): State[] {
  const { type } = message;
  const statusCode = message.talk !== undefined ? talkCode(message) : smsCode(message);
  return [pending(type), sending(type, '3000'), { type, status: 'COMPLETE', statusCode, replacement: false }];
}

/** The failure at Kakao can be seen before the SMS has gone out: it is not the end yet. */
function changed(message: SolapiMessage): State[] {
  return [pending('ATA'), sending('ATA', talkCode(message)), ...replaced(message)];
}

function replaced(message: SolapiMessage): State[] {
  const sms = { type: 'SMS', replacement: true };
  return [{ ...sms, status: 'SENDING', statusCode: '3000' }, { ...sms, status: 'COMPLETE', statusCode: smsCode(message) }];
}

function pending(type: string): State {
  return { type, status: 'PENDING', statusCode: '2000', replacement: false };
}

function sending(type: string, statusCode: string): State {
  return { type, status: 'SENDING', statusCode, replacement: false };
}

/** A message as the list shows it (msg-getList page). */
function shown(message: SolapiMessage, messageId: string, state: State): { messageId: string } & State {
  const date = new Date(message.at).toISOString();
  const done = state.status === 'COMPLETE';
  const carrier = done && state.statusCode === '4000' ? { networkCode: '10001', networkName: 'SKT' } : { networkCode: null, networkName: 'ETC' };
  const details = {
    groupId: message.groupId,
    accountId: ACCOUNT,
    to: message.to,
    from: message.from,
    text: message.text,
    country: message.country,
    subject: null,
    imageId: null,
    reason: done ? (statusMessages[state.statusCode] ?? '') : null,
    ...carrier,
    autoTypeDetect: true,
    resendCount: 0,
    customFields: {},
    queues: [],
    log: [],
    dateProcessed: state.statusCode === '2000' ? null : date,
    dateReported: done ? date : null,
    dateReceived: done ? date : null,
    dateCreated: date,
    dateUpdated: date,
  };
  return { messageId, ...state, ...details };
}
