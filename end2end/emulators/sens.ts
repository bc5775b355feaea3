import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import type { Answer, Arrival } from './http';
import { accepted, listed, sensErrors, single } from './sens_answers';
import { ENCODED_SERVICE, refusedAtTheGate, serviceOf } from './sens_gate';
import { hasArrived, look, newMessage, newRequestId, shown, SMS_BYTES, type Delivery, type SentMessage } from './sens_message';
import { readSend, type SendRequest } from './sens_request';
import type { SensKeys } from './sens_signature';
import { codeIn } from './sens_text';

export interface SensSettings extends SensKeys {
  serviceId: string;
  /** The sender's number, registered in the vendor's console. */
  sender: string;
}

export interface SensOptions extends Partial<SensSettings> {
  /** A text with more bytes than this is a violation: the vendor's 90 unless said. */
  maxBytes?: number;
  now?: () => number;
}

type Operation = 'send' | 'list' | 'get';

/** `delivery` is the result that list and get show in the end. */
export interface SensBehaviour extends Behaviour {
  on?: Operation;
  delivery?: Delivery;
}

const SETTINGS: SensSettings = {
  accessKey: 'TESTACCESSKEY0000001',
  secretKey: 'testSecretKey0123456789abcdefghijklmnopqr',
  serviceId: 'ncp:sms:kr:123456789012:verify-svc',
  sender: '15880000',
};

/**
 * Starts an emulator of Naver Cloud SENS SMS v2. In the comments here, "providers A1" to "A11" and "D" are sections of the
 * notes on the vendors: of the official pages sens-overview, sens-sms-send, sens-sms-list and the gateway's error table at
 * api.ncloud-docs.com, of published clients, and of the origin-bound code format (WICG sms-one-time-codes).
 */
export function startSens(options: SensOptions = {}): Promise<Sens> {
  return new Sens(options).listen();
}

export class Sens extends Emulator<SensBehaviour> {
  readonly settings: SensSettings;
  readonly sent: SentMessage[] = [];
  private readonly now: () => number;
  private readonly maxBytes: number;

  constructor({ maxBytes = SMS_BYTES, now = Date.now, ...settings }: SensOptions) {
    super();
    this.settings = { ...SETTINGS, ...settings };
    this.maxBytes = maxBytes;
    this.now = now;
  }

  /** The texts that a phone shows, newest last. */
  inbox(to: string): string[] {
    return this.sent.filter((one) => one.to === to && hasArrived(one)).map((one) => one.content);
  }

  /** The code in the newest text of a phone. */
  lastCode(to: string): string {
    const code = codeIn(this.inbox(to).at(-1) ?? '');
    if (!code) throw new Error(`no code has reached ${to}`);
    return code;
  }

  protected override operationOf(method: string, target: string): Operation {
    if (method === 'POST' && target.endsWith('/messages')) return 'send';
    return /\/messages\/[^/]+$/.test(target) ? 'get' : 'list';
  }

  protected override reply(arrival: Arrival): Reply {
    const refusal = this.refusal(arrival);
    if (refusal) return { answer: refusal };
    const operation = this.operationOf(arrival.method, arrival.target);
    if (operation === 'send') return this.replyToSend(arrival);
    return { answer: this.look(arrival), behaviour: this.scripts.take(this.numberOf(arrival), operation) };
  }

  /** The path, then the signature, then the service (providers A1, A8). */
  private refusal(arrival: Arrival): Answer | undefined {
    if (serviceOf(arrival, 'sms').includes('%')) this.violations.push(ENCODED_SERVICE);
    return refusedAtTheGate(arrival, 'sms', this.settings, this.now());
  }

  private replyToSend(arrival: Arrival): Reply {
    const send = readSend(arrival, { sender: this.settings.sender, maxBytes: this.maxBytes });
    this.violations.push(...send.violations);
    if (send.refused) return { answer: sensErrors.badRequest };
    const behaviour = this.scripts.take(send.recipients[0]?.to ?? '', 'send') ?? {};
    const answer = doesTheWork(behaviour) ? this.accept(send, behaviour.delivery) : sensErrors.unexpected;
    return { answer, behaviour };
  }

  private accept(send: SendRequest, delivery?: Delivery): Answer {
    const at = this.now();
    const requestId = newRequestId(at);
    for (const { to, content } of send.recipients) {
      this.sent.push(newMessage({ to, from: send.from, submitted: content, requestId, at }, delivery));
    }
    return accepted(requestId, at);
  }

  private numberOf({ target }: Arrival): string {
    return this.sent.find((one) => target.includes(one.requestId) || target.includes(one.messageId))?.to ?? '';
  }

  /** List by request, or one message (providers A6, A7). */
  private look({ method, target }: Arrival): Answer {
    if (method !== 'GET') return sensErrors.notFound;
    const { pathname, searchParams } = new URL(target, 'http://sens');
    const messageId = /\/messages\/([^/]+)$/.exec(pathname)?.[1];
    if (messageId) return this.getMessage(messageId);
    const requestId = searchParams.get('requestId');
    return requestId ? this.list(requestId) : sensErrors.badRequest;
  }

  private list(requestId: string): Answer {
    const messages = this.sent.filter((one) => one.requestId === requestId);
    return listed(messages.filter(look).map(shown));
  }

  private getMessage(messageId: string): Answer {
    const message = this.sent.find((one) => one.messageId === messageId);
    if (!message) return sensErrors.notFound;
    look(message);
    return single(shown(message));
  }
}
