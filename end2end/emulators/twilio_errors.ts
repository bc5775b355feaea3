import { json, type Answer } from './http';

/** An error as the vendor words it: decide on `code` and HTTP status, never on the message (providers B3). */
export function twilioError(code: number, status: number, message: string, headers: Record<string, string> = {}): Answer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return json(status, { code, message, more_info, status }, headers);
}

/** Unknown, approved, cancelled and expired all look the same (providers B3, B4). */
export function notFound(resource: string): Answer {
  return twilioError(20404, 404, `The requested resource ${resource} was not found`);
}

/** Production answers name the parameter in back quotes and repeat its value (providers B3). */
export function invalidParameter(name: string, value = ''): Answer {
  return twilioError(60200, 400, `Invalid parameter \`${name}\`: ${value}`);
}

/**
 * The errors by their codes (providers B3). Where no HTTP status is published it is a guess: 429 for 60207, 403 for 60220,
 * 60238, 60410 and 60413, 400 for the codes of the messaging layer.
 */
export const twilioErrors = {
  20003: twilioError(20003, 401, 'Authenticate', { 'www-authenticate': 'Basic realm="Twilio API"' }),
  20404: notFound('/Services/VA00000000000000000000000000000000/VerificationCheck'),
  20429: twilioError(20429, 429, 'Too many requests', { 'retry-after': '1' }),
  21211: twilioError(21211, 400, 'Invalid To phone number'),
  21215: twilioError(21215, 400, 'Geo Permission configuration is not permitting call'),
  21216: twilioError(21216, 400, 'Call blocked'),
  21408: twilioError(21408, 400, 'Permission to send an SMS has not been enabled for the region'),
  21610: twilioError(21610, 400, 'Attempt to send to unsubscribed recipient'),
  21612: twilioError(21612, 400, 'The To phone number is not currently reachable'),
  21614: twilioError(21614, 400, 'To number is not a valid mobile number'),
  30450: twilioError(30450, 400, 'Message delivery blocked'),
  60200: invalidParameter('To', '+XXXXXXXXXXX'),
  60202: twilioError(60202, 429, 'Max check attempts reached'),
  60203: twilioError(60203, 429, 'Max send attempts reached'),
  60205: twilioError(60205, 403, 'SMS is not supported by landline phone number'),
  60207: twilioError(60207, 429, 'Max rate limits reached'),
  60212: twilioError(60212, 429, 'Too many concurrent requests for phone number'),
  60220: twilioError(60220, 403, 'Use case vetting required'),
  60238: twilioError(60238, 403, 'Verification creation blocked by Twilio'),
  60410: twilioError(60410, 403, 'Verification delivery attempt blocked'),
  60413: twilioError(60413, 403, 'Verification blocked by Device Intelligence'),
  60605: twilioError(60605, 403, 'Verification blocked by Geo Permissions'),
  500: twilioError(20500, 500, 'Internal Server Error'),
  503: twilioError(20503, 503, 'Service Unavailable'),
} satisfies Record<number, Answer>;
