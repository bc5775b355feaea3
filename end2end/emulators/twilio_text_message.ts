import { unsayable } from './sens_text';
import { isKorean } from './twilio_messaging_request';
import { segmentsOf, type Segments } from './twilio_segments';
import { newSid } from './twilio_verification';

export type MessageStatus = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** One change of a message's status, and the callback that tells it. */
export interface Step {
  status: MessageStatus;
  errorCode?: number;
  /** `signed` unless said. A forged one comes from somebody else, so it changes nothing; `none` leaves the change to be asked for. */
  callback?: 'signed' | 'forged' | 'none';
  /** How long after the step before: 50 ms unless said. */
  afterMs?: number;
}

/** What becomes of a message that was accepted, for a script's `outcome`. */
export const outcomes = {
  delivered: [{ status: 'sent' }, { status: 'delivered' }],
  /** The carrier gave it back: the handset is off or out of reach. */
  undelivered: [{ status: 'sent' }, { status: 'undelivered', errorCode: 30003 }],
  /** The vendor could not hand it over at all. */
  failed: [{ status: 'failed', errorCode: 30008 }],
  /** What `MaxPrice` did until 2024-06-03; since then it has no effect (the page of 30010, and the OpenAPI document). */
  priceRefused: [{ status: 'failed', errorCode: 30010 }],
  outOfOrder: [{ status: 'delivered' }, { status: 'sent' }],
  repeated: [{ status: 'sent' }, { status: 'delivered' }, { status: 'delivered' }],
  contradicted: [{ status: 'delivered' }, { status: 'undelivered', errorCode: 30003 }],
  forged: [{ status: 'sent' }, { status: 'undelivered', errorCode: 30003, callback: 'forged' }],
  /** Delivered or not, but no callback ever comes: only who asks learns it. */
  untold: [{ status: 'sent', callback: 'none' }, { status: 'delivered', callback: 'none' }],
  untoldFailure: [{ status: 'sent', callback: 'none' }, { status: 'undelivered', errorCode: 30003, callback: 'none' }],
  silent: [],
} satisfies Record<string, Step[]>;

/** One message as the vendor keeps it. */
export interface TextMessage {
  sid: string;
  to: string;
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  segments: Segments;
  callbackUrl: string | undefined;
  /** All that was posted. */
  form: Record<string, string>;
  status: MessageStatus;
  errorCode: number | null;
  outcome: Step[];
  at: number;
  updatedAt: number;
}

/** With a service the message waits as `accepted` for a sender of its pool, else it is `queued` at once. */
export function newMessage(form: URLSearchParams, at: number, outcome?: Step[]): TextMessage {
  const [to, body, service] = [form.get('To') ?? '', form.get('Body') ?? '', form.get('MessagingServiceSid')];
  return {
    sid: newSid('SM'),
    to,
    from: form.get('From'),
    messagingServiceSid: service,
    body,
    segments: segmentsOf(body),
    callbackUrl: form.get('StatusCallback') ?? undefined,
    form: Object.fromEntries(form),
    status: service ? 'accepted' : 'queued',
    errorCode: null,
    outcome: outcome ?? ordinaryOutcome(to, body, service !== null),
    at,
    updatedAt: at,
  };
}

/** A message of a service is told to be queued as well; what Korean carriers cannot say is lost on the way. */
function ordinaryOutcome(to: string, body: string, hasService: boolean): Step[] {
  if (isKorean(to) && unsayable(body).length > 0) return [{ status: 'sent' }, { status: 'undelivered', errorCode: 30008 }];
  return hasService ? [{ status: 'queued' }, ...outcomes.delivered] : outcomes.delivered;
}

/** Whether the phone shows it in the end: the first final status that the vendor itself gives it stays. */
export function hasArrived({ outcome }: TextMessage): boolean {
  const end = outcome.find((step) => step.callback !== 'forged' && RANK[step.status] === RANK.delivered);
  return end === undefined || end.status === 'delivered';
}

const RANK: Record<MessageStatus, number> = { accepted: 0, queued: 1, sending: 2, sent: 3, delivered: 4, undelivered: 4, failed: 4 };

/** A message goes forward only, and a final status stays. */
export function advance(message: TextMessage, step: Step, at: number): void {
  if (step.callback === 'forged' || RANK[step.status] <= RANK[message.status]) return;
  Object.assign(message, { status: step.status, errorCode: step.errorCode ?? null, updatedAt: at });
}

/** The message's document, as create and fetch answer it. */
export function messageBody(message: TextMessage, account: string): object {
  const uri = `/2010-04-01/Accounts/${account}/Messages/${message.sid}`;
  const isAssigned = message.status !== 'accepted';
  return {
    account_sid: account,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.at),
    date_sent: RANK[message.status] >= RANK.sent ? rfc2822(message.updatedAt) : null,
    date_updated: rfc2822(message.updatedAt),
    direction: 'outbound-api',
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : 'Message was not delivered',
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: isAssigned ? String(message.segments.count) : '0',
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}
