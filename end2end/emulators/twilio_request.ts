import type { Arrival } from './http';

export type Operation = 'start' | 'check' | 'fetch' | 'update';

/** What a request asks for: the service, and for fetch and update the sid or number in the path. */
export interface Route {
  operation: Operation;
  service: string;
  key: string;
}

/** One account is for Verify and for Messaging. */
export const ACCOUNT = { accountSid: 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', authToken: 'testAuthToken0123456789abcdefghi' };

/** The four operations by method and path (providers B1). */
export function routeOf(method: string, target: string): Route | undefined {
  const [, service = '', resource = '', key = ''] = /^\/v2\/Services\/([^/?]+)\/([A-Za-z]+)(?:\/([^/?]+))?$/.exec(target) ?? [];
  const operation = OPERATIONS[`${method} ${resource}${key && '/…'}`];
  return operation && { operation, service, key: decoded(key) };
}

const OPERATIONS: Record<string, Operation> = {
  'POST Verifications': 'start',
  'POST VerificationCheck': 'check',
  'GET Verifications/…': 'fetch',
  'POST Verifications/…': 'update',
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** HTTP Basic with the account's sid and token (providers B1). */
export function isAuthentic(arrival: Arrival, accountSid: string, authToken: string): boolean {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return arrival.headers.authorization === expected;
}

/** The fields of a body; what is not form-encoded has none for the vendor (providers B1). */
export function formOf(arrival: Arrival): URLSearchParams {
  return new URLSearchParams(isForm(arrival) ? arrival.body : '');
}

export function isForm({ headers }: Arrival): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
}

/** The parameters that the OpenAPI document names (providers B1). */
const PARAMETERS: Record<Operation, string[]> = {
  start: [
    ...['To', 'Channel', 'CustomFriendlyName', 'CustomMessage', 'SendDigits', 'Locale', 'CustomCode', 'Amount', 'Payee'],
    ...['RateLimits', 'ChannelConfiguration', 'AppHash', 'TemplateSid', 'TemplateCustomSubstitutions', 'DeviceIp'],
    ...['EnableSnaClientToken', 'RiskCheck', 'Tags'],
  ],
  check: ['Code', 'To', 'VerificationSid', 'Amount', 'Payee', 'SnaClientToken'],
  fetch: [],
  update: ['Status'],
};

/** What a careful client would not have sent. */
export function faultsOf(arrival: Arrival, operation: Operation): string[] {
  if (operation === 'fetch') return [];
  if (!isForm(arrival)) return [`${operation} came as ${JSON.stringify(arrival.headers['content-type'])}, not as a form`];
  const names = [...formOf(arrival).keys()];
  const unknown = names.filter((name) => !PARAMETERS[operation].includes(name)).map((name) => `${operation} has an unknown ${name}`);
  const repeated = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${operation} repeats ${name}`);
  return [...unknown, ...repeated];
}
