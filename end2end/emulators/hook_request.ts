import { objectIn, type Arrival } from './http';
import { brokenOriginLine } from './sens_text';

/** One text that an endpoint was asked to send; `id` is the same on every try, `to` is E.164. */
export interface HookText {
  id: string;
  to: string;
  otp: string;
  text: string;
  smsType: string;
  locale: string;
  channel: string;
  challengeId: string;
  subject: string;
}

/** A request as far as it could be read: no text when it has not the shape, `violations` for all that is wrong with it. */
export interface HookRequest {
  text: HookText | undefined;
  violations: string[];
}

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string' && value.trim() !== '';
const fits = (pattern: RegExp): Rule => (value) => typeof value === 'string' && pattern.test(value);

/** E.164 without its plus, as Supabase keeps numbers (providers C). */
const isNumber = fits(/^[1-9]\d{6,14}$/);

/** Supabase's Send SMS hook, and what Beonho adds to it (integration 7.2). */
const SHAPE: [string, Rule][] = [
  ['metadata.uuid', fits(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)],
  ['metadata.time', fits(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)],
  ['metadata.name', (value) => value === 'send-sms'],
  ['user.id', isText],
  ['user.phone', isNumber],
  ['sms.otp', fits(/^\d{4,10}$/)],
  ['sms.sms_type', isText],
  ['sms.phone', isNumber],
  ['beonho.text', isText],
  ['beonho.locale', fits(/^[a-z]{2,3}(-[A-Za-z]{2,4})*$/)],
  ['beonho.channel', isText],
  ['beonho.challenge_id', isText],
];

/** Reads a request whose signature was found good. */
export function readHook(arrival: Arrival): HookRequest {
  const body = objectIn(arrival.body);
  if (!body) return { text: undefined, violations: ['the body is not a JSON object'] };
  const broken = SHAPE.filter(([path, rule]) => !rule(valueAt(body, path))).map(([path]) => `${path} has not the shape of the hook`);
  if (broken.length > 0) return { text: undefined, violations: broken };
  const text = textOf(arrival, (path) => String(valueAt(body, path)));
  return { text, violations: carelessness(arrival, text, `+${String(valueAt(body, 'user.phone'))}`) };
}

function valueAt(body: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], body);
}

/** The number of `sms` is where the text goes: while a number is changed, that of `user` is the old one (providers C). */
function textOf({ headers }: Arrival, value: (path: string) => string): HookText {
  return {
    id: headers['webhook-id'] ?? '',
    to: `+${value('sms.phone')}`,
    otp: value('sms.otp'),
    text: value('beonho.text'),
    smsType: value('sms.sms_type'),
    locale: value('beonho.locale'),
    channel: value('beonho.channel'),
    challengeId: value('beonho.challenge_id'),
    subject: value('user.id'),
  };
}

/** What an endpoint would bear and a careful client would not send. */
function carelessness({ headers }: Arrival, text: HookText, userPhone: string): string[] {
  const faults = brokenOriginLine(text.text);
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) faults.push('the body is not said to be JSON');
  if (text.id.includes('.')) faults.push('a dot in the webhook-id: what was signed could be cut elsewhere');
  if (text.to !== userPhone) faults.push('user.phone and sms.phone differ');
  if (text.subject.includes(text.to.slice(3))) faults.push('user.id tells the number');
  if (!text.text.includes(text.otp)) faults.push('the code is not in the text');
  if (text.channel !== 'sms') faults.push(`channel is ${JSON.stringify(text.channel)}`);
  return faults;
}
