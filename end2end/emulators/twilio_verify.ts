import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import type { Answer, Arrival } from './http';
import { Book, type BookSettings } from './twilio_book';
import { notFound, twilioErrors } from './twilio_errors';
import { ACCOUNT, faultsOf, formOf, isAuthentic, routeOf, type Operation, type Route } from './twilio_request';
import type { Verification } from './twilio_verification';

export interface TwilioSettings extends BookSettings {
  authToken: string;
}

export interface TwilioOptions extends Partial<TwilioSettings> {
  now?: () => number;
}

export interface TwilioBehaviour extends Behaviour {
  on?: Operation;
}

/** A start that was asked for, whatever became of it. */
export interface Start {
  to: string;
  channel: string;
  locale: string | undefined;
  form: Record<string, string>;
  /** The sid that the vendor gave it, if it did. */
  sid: string | undefined;
  at: number;
}

const SETTINGS: TwilioSettings = {
  ...ACCOUNT,
  serviceSid: 'VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  lifetimeSecs: 600,
  exhausted: 'refuses',
};

/**
 * Starts an emulator of Twilio Verify v2. In the comments here, "providers B1" to "B7" are sections of the notes on the
 * vendors: of the OpenAPI document in end2end/contracts (twilio-oai), of the official pages verify/api/rate-limits-and-timeouts
 * and api/errors/…, and of what published clients measured.
 */
export function startTwilioVerify(options: TwilioOptions = {}): Promise<TwilioVerify> {
  return new TwilioVerify(options).listen();
}

export class TwilioVerify extends Emulator<TwilioBehaviour> {
  readonly settings: TwilioSettings;
  readonly starts: Start[] = [];
  private readonly book: Book;
  private readonly now: () => number;

  constructor({ now = Date.now, ...settings }: TwilioOptions) {
    super();
    this.settings = { ...SETTINGS, ...settings };
    this.now = now;
    this.book = new Book(this.settings, now);
  }

  /** All verifications, oldest first, as the vendor knows them. */
  get verifications(): readonly Verification[] {
    return this.book.verifications;
  }

  /** The code that a number can still be proved with. */
  codeFor(number: string): string {
    const live = this.book.liveFor(number);
    if (!live) throw new Error(`no verification of ${number} is pending`);
    return live.code;
  }

  /** A well-formed code that is not the right one. */
  wrongCodeFor(number: string): string {
    return this.codeFor(number) === '000000' ? '111111' : '000000';
  }

  protected override operationOf(method: string, target: string): string {
    return routeOf(method, target)?.operation ?? '';
  }

  /** The credentials, then the path and the service, then the operation (providers B1, B3). */
  protected override reply(arrival: Arrival): Reply {
    const { accountSid, authToken, serviceSid } = this.settings;
    if (!isAuthentic(arrival, accountSid, authToken)) return { answer: twilioErrors[20003] };
    const route = routeOf(arrival.method, arrival.target);
    if (route?.service !== serviceSid) return { answer: notFound(arrival.target) };
    this.violations.push(...faultsOf(arrival, route.operation));
    const form = formOf(arrival);
    const behaviour = this.scripts.take(this.numberOf(route, form), route.operation) ?? {};
    return { answer: this.work(route, form, behaviour), behaviour };
  }

  private work(route: Route, form: URLSearchParams, behaviour: TwilioBehaviour): Answer {
    const answer = doesTheWork(behaviour) ? this.operate(route, form) : twilioErrors[500];
    if (route.operation === 'start') this.starts.push(this.startOf(form, answer));
    return answer;
  }

  private operate({ operation, key }: Route, form: URLSearchParams): Answer {
    if (operation === 'start') return this.book.start(form);
    if (operation === 'check') return this.book.check(form);
    return operation === 'fetch' ? this.book.fetch(key) : this.book.update(key, form);
  }

  private startOf(form: URLSearchParams, answer: Answer): Start {
    const to = form.get('To') ?? '';
    const sid = answer.status === 201 ? this.book.liveFor(to)?.sid : undefined;
    return {
      to,
      channel: form.get('Channel') ?? '',
      locale: form.get('Locale') ?? undefined,
      form: Object.fromEntries(form),
      sid,
      at: this.now(),
    };
  }

  private numberOf({ key }: Route, form: URLSearchParams): string {
    const sid = form.get('VerificationSid') ?? key;
    return form.get('To') ?? this.verifications.find((one) => one.sid === sid)?.to ?? key;
  }
}
