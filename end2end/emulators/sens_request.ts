import { objectIn, type Arrival } from './http';
import { faultsOfText } from './sens_text';

export interface Recipient {
  to: string;
  content: string;
}

/** A send as far as it could be read: `refused` when the vendor would answer 400, `violations` for all that is wrong with it. */
export interface SendRequest {
  from: string;
  recipients: Recipient[];
  refused: boolean;
  violations: string[];
}

export interface SendRules {
  sender: string;
  maxBytes: number;
}

export type Fields = Record<string, unknown>;

/** Every field that the send page names (providers A4). */
const KNOWN = ['type', 'contentType', 'countryCode', 'from', 'subject', 'content', 'messages', 'files', 'reserveTime', 'reserveTimeZone'];

/** Reads a send and judges it (providers A4). */
export function readSend(arrival: Arrival, rules: SendRules): SendRequest {
  const fields = objectIn(arrival.body) ?? {};
  const recipients = recipientsOf(fields);
  const refusals = [...fieldFaults(fields, rules), ...recipientFaults(recipients)];
  const stranger = Object.keys(fields).filter((name) => !KNOWN.includes(name));
  const violations = [
    ...refusals,
    ...headerFaults(arrival),
    ...stranger.map((name) => `unknown field ${name}`),
    ...recipients.flatMap((one) => faultsOfText(one.content, rules.maxBytes)),
    ...gluedCountryCode(fields, recipients),
  ];
  return { from: String(fields.from), recipients, refused: refusals.length > 0, violations };
}

/** A message's own content goes before the common one (providers A4). */
function recipientsOf(fields: Fields): Recipient[] {
  const messages = Array.isArray(fields.messages) ? (fields.messages as Fields[]) : [];
  return messages.map((one) => ({ to: String(one?.to), content: String(one?.content ?? fields.content ?? '') }));
}

/** JSON in UTF-8, said so (providers A2). */
export function headerFaults({ headers }: Arrival): string[] {
  const type = headers['content-type'] ?? '';
  return /^application\/json; ?charset=utf-8$/i.test(type) ? [] : [`Content-Type is ${JSON.stringify(type)}`];
}

/** Required fields and closed lists; the sender must be registered (providers A4). */
function fieldFaults(fields: Fields, { sender }: SendRules): string[] {
  const faults: string[] = [];
  if (fields.type !== 'SMS') faults.push(`type is ${JSON.stringify(fields.type)}, not SMS`);
  if (!['COMM', 'AD', undefined].includes(fields.contentType as string)) faults.push('contentType is not COMM or AD');
  if (!/^\d{1,3}$/.test(String(fields.countryCode ?? '82'))) faults.push('countryCode is not a number');
  if (typeof fields.content !== 'string') faults.push('content is missing');
  if (fields.from !== sender) faults.push(`from is ${JSON.stringify(fields.from)}, which is not a registered sender`);
  return faults;
}

/** At most 100 recipients, digits only: a hyphen or a plus is a bad request (providers A4). */
function recipientFaults(recipients: Recipient[]): string[] {
  if (recipients.length < 1 || recipients.length > 100) return [`${recipients.length} messages`];
  return recipients.filter((one) => !/^\d+$/.test(one.to)).map((one) => `to is not digits only: ${one.to}`);
}

/** In Korea `to` is the national form; the country code stands in its own field (providers A4). */
function gluedCountryCode(fields: Fields, recipients: Recipient[]): string[] {
  if (String(fields.countryCode ?? '82') !== '82') return [];
  return recipients.filter((one) => !one.to.startsWith('0')).map((one) => `to is not in national form: ${one.to}`);
}
