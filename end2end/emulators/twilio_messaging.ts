import { setTimeout as sleep } from 'node:timers/promises';
import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import { json, type Answer, type Arrival } from './http';
import { codeIn } from './sens_text';
import { callbackForm, postForm, signatureOf, type Callback } from './twilio_callback';
import { messageNotFound, messagingErrors } from './twilio_messaging_errors';
import { faultsOfSend, messagingRouteOf, refusalOf, type MessagingOperation, type Senders } from './twilio_messaging_request';
import { ACCOUNT, formOf, isAuthentic } from './twilio_request';
import { advance, hasArrived, messageBody, newMessage, type Step, type TextMessage } from './twilio_text_message';

export interface MessagingSettings extends Senders {
  accountSid: string;
  authToken: string;
}

export interface MessagingOptions extends Partial<MessagingSettings> {
  now?: () => number;
}

export interface MessagingBehaviour extends Behaviour {
  on?: MessagingOperation;
  /** What becomes of the message, one of `outcomes` or steps of one's own: delivered unless said. */
  outcome?: Step[];
}

const SETTINGS: MessagingSettings = { ...ACCOUNT, from: '+15005550006', messagingServiceSid: 'MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' };
const PAUSE_MS = 50;

/**
 * Starts an emulator of Twilio Programmable Messaging (2010-04-01): a message is created and fetched, and what becomes of it
 * is posted to its StatusCallback. From the OpenAPI document in end2end/contracts, and the official pages
 * messaging/guides/outbound-message-status-in-status-callbacks, usage/webhooks/webhooks-security and api/errors/….
 */
export function startTwilioMessaging(options: MessagingOptions = {}): Promise<TwilioMessaging> {
  return new TwilioMessaging(options).listen();
}

export class TwilioMessaging extends Emulator<MessagingBehaviour> {
  readonly settings: MessagingSettings;
  readonly sent: TextMessage[] = [];
  /** What was posted to the callbacks' URLs. */
  readonly callbacks: Callback[] = [];
  private readonly now: () => number;
  private readonly ending = new AbortController();

  constructor({ now = Date.now, ...settings }: MessagingOptions) {
    super();
    this.settings = { ...SETTINGS, ...settings };
    this.now = now;
  }

  /** The texts that a phone shows, newest last. */
  inbox(to: string): string[] {
    return this.sent.filter((one) => one.to === to && hasArrived(one)).map((one) => one.body);
  }

  /** The code in the newest text of a phone. */
  lastCode(to: string): string {
    const code = codeIn(this.inbox(to).at(-1) ?? '');
    if (!code) throw new Error(`no code has reached ${to}`);
    return code;
  }

  override async close(): Promise<void> {
    this.ending.abort();
    await super.close();
  }

  /** Posts a callback, signed with the account's token unless another is given; gives the status of the answer. */
  async callBack(url: string, form: Record<string, string>, authToken = this.settings.authToken): Promise<number | undefined> {
    const signature = signatureOf(url, form, authToken);
    const status = await postForm(url, form, { 'x-twilio-signature': signature });
    this.callbacks.push({ url, form, signature, status });
    if (status !== undefined && status >= 500) this.violations.push(`a callback was answered ${status}`);
    return status;
  }

  /** The form that tells a step of a message. */
  callbackForm(message: TextMessage, step: Step): Record<string, string> {
    return callbackForm(message, step, this.settings.accountSid);
  }

  protected override operationOf(method: string, target: string): string {
    return messagingRouteOf(method, target)?.operation ?? '';
  }

  /** The credentials, then the path and the account, then the operation. */
  protected override reply(arrival: Arrival): Reply {
    const { accountSid, authToken } = this.settings;
    if (!isAuthentic(arrival, accountSid, authToken)) return { answer: messagingErrors[20003] };
    const route = messagingRouteOf(arrival.method, arrival.target);
    if (route?.account !== accountSid) return { answer: messageNotFound(arrival.target) };
    if (route.operation === 'send') return this.replyToSend(arrival);
    const message = this.sent.find((one) => one.sid === route.sid);
    const answer = message ? json(200, messageBody(message, accountSid)) : messageNotFound(arrival.target);
    return { answer, behaviour: this.scripts.take(message?.to ?? '', 'fetch') };
  }

  private replyToSend(arrival: Arrival): Reply {
    this.violations.push(...faultsOfSend(arrival));
    const form = formOf(arrival);
    const refusal = refusalOf(form, this.settings);
    if (refusal) return { answer: refusal };
    const behaviour = this.scripts.take(form.get('To') ?? '', 'send') ?? {};
    const answer = doesTheWork(behaviour) ? this.accept(form, behaviour.outcome) : messagingErrors[500];
    return { answer, behaviour };
  }

  private accept(form: URLSearchParams, outcome?: Step[]): Answer {
    const message = newMessage(form, this.now(), outcome);
    this.sent.push(message);
    const answer = json(201, messageBody(message, this.settings.accountSid));
    void this.goThrough(message);
    return answer;
  }

  /** Takes a message through its steps; a callback may overtake the answer to the send, as at the vendor. */
  private async goThrough(message: TextMessage): Promise<void> {
    for (const step of message.outcome) {
      await sleep(step.afterMs ?? PAUSE_MS, undefined, { signal: this.ending.signal, ref: false }).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      advance(message, step, this.now());
      if (!message.callbackUrl || step.callback === 'none') continue;
      const token = step.callback === 'forged' ? 'anotherAuthToken0123456789abcdef' : undefined;
      await this.callBack(message.callbackUrl, this.callbackForm(message, step), token);
    }
  }
}
