import type { Answer, Arrival } from './http';
import { brokenOriginLine, unsayable } from './sens_text';
import { messagingErrors } from './twilio_messaging_errors';
import { formOf, isForm } from './twilio_request';

export type MessagingOperation = 'send' | 'fetch';

export interface MessagingRoute {
  operation: MessagingOperation;
  account: string;
  sid: string;
}

export interface Senders {
  from: string;
  messagingServiceSid: string;
}

/** The two operations by method and path. */
export function messagingRouteOf(method: string, target: string): MessagingRoute | undefined {
  const [, account = '', sid = ''] = /^\/2010-04-01\/Accounts\/([^/?]+)\/Messages(?:\/([^/?]+))?\.json$/.exec(target) ?? [];
  if (!account) return undefined;
  if (method === 'POST' && !sid) return { operation: 'send', account, sid };
  return method === 'GET' && sid ? { operation: 'fetch', account, sid } : undefined;
}

/** What the vendor refuses to send, in the order in which it is read. */
export function refusalOf(form: URLSearchParams, senders: Senders): Answer | undefined {
  const [to, body, callback] = [form.get('To'), form.get('Body'), form.get('StatusCallback')];
  if (!to) return messagingErrors[21604];
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return messagingErrors[21211];
  const sender = refusedSender(form, senders);
  if (sender) return sender;
  if (!body) return messagingErrors[21602];
  if (body.length > 1600) return messagingErrors[21617];
  return callback === null || isCallback(callback) ? undefined : messagingErrors[21609];
}

function refusedSender(form: URLSearchParams, { from, messagingServiceSid }: Senders): Answer | undefined {
  const [ours, service] = [form.get('From'), form.get('MessagingServiceSid')];
  if (!ours && !service) return messagingErrors[21603];
  if (ours && ours !== from) return messagingErrors[21659];
  return service && service !== messagingServiceSid ? messagingErrors[21703] : undefined;
}

/** A whole http or https URL of at most 4,000 characters; no underscore in its host (the page of 21609). */
function isCallback(text: string): boolean {
  if (text.length > 4000 || !/^https?:\/\//.test(text)) return false;
  try {
    return !new URL(text).hostname.includes('_');
  } catch {
    return false;
  }
}

/** The parameters that the OpenAPI document names. */
const PARAMETERS = [
  ...['To', 'StatusCallback', 'ApplicationSid', 'MaxPrice', 'ProvideFeedback', 'Attempt', 'ValidityPeriod', 'ForceDelivery'],
  ...['ContentRetention', 'AddressRetention', 'SmartEncoded', 'PersistentAction', 'TrafficType', 'ShortenUrls', 'ScheduleType'],
  ...['SendAt', 'SendAsMms', 'ContentVariables', 'RiskCheck', 'FallbackFrom', 'MessageIntent', 'From', 'MessagingServiceSid'],
  ...['Body', 'MediaUrl', 'ContentSid'],
];

/** What a careful client would not have sent. */
export function faultsOfSend(arrival: Arrival): string[] {
  if (!isForm(arrival)) return [`send came as ${JSON.stringify(arrival.headers['content-type'])}, not as a form`];
  const form = formOf(arrival);
  const names = [...form.keys()];
  return [
    ...names.filter((name) => !PARAMETERS.includes(name)).map((name) => `send has an unknown ${name}`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `send repeats ${name}`),
    ...valueFaults(form),
    ...textFaults(form.get('To') ?? '', form.get('Body') ?? ''),
  ];
}

/** `From` and a service are not wanted together, a price is positive, and the queue is 1 to 36,000 s long. */
function valueFaults(form: URLSearchParams): string[] {
  const [price, validity] = [form.get('MaxPrice'), form.get('ValidityPeriod')];
  const faults: string[] = [];
  if (form.has('From') && form.has('MessagingServiceSid')) faults.push('send has both a From and a MessagingServiceSid');
  if (price !== null && !(/^\d+(\.\d+)?$/.test(price) && Number(price) > 0)) faults.push(`MaxPrice is ${JSON.stringify(price)}`);
  if (validity !== null && !(/^\d+$/.test(validity) && Number(validity) >= 1 && Number(validity) <= 36_000)) {
    faults.push(`ValidityPeriod is ${JSON.stringify(validity)}`);
  }
  return faults;
}

/** Korean carriers know EUC-KR only (twilio.com/en/guidelines/kr/sms). */
function textFaults(to: string, body: string): string[] {
  return [...brokenOriginLine(body), ...(isKorean(to) ? unsayable(body) : [])];
}

export function isKorean(to: string): boolean {
  return to.startsWith('+82');
}
