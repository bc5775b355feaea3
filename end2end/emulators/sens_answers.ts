import { json, type Answer } from './http';

function gateway(status: number, errorCode: string, message: string, details?: string): Answer {
  return json(status, { error: { errorCode, message, ...(details ? { details } : {}) } });
}

/** The gateway's table of errors, and the two other shapes that were quoted for SENS itself (providers A8). */
export const sensErrors = {
  badRequest: gateway(400, '100', 'Bad Request Exception'),
  authenticationMissing: gateway(401, '200', 'Authentication Failed', 'Authentication information are missing.'),
  authenticationInvalid: gateway(401, '200', 'Authentication Failed', 'Invalid authentication information.'),
  permissionDenied: gateway(401, '210', 'Permission Denied'),
  notFound: gateway(404, '300', 'Not Found Exception', 'URL not found.'),
  tooLarge: gateway(413, '430', 'Request Entity Too Large'),
  quotaExceeded: gateway(429, '400', 'Quota Exceeded'),
  throttled: gateway(429, '410', 'Throttle Limited'),
  rateLimited: gateway(429, '420', 'Rate Limited'),
  endpointError: gateway(503, '500', 'Endpoint Error'),
  endpointTimeout: gateway(504, '510', 'Endpoint Timeout'),
  unexpected: gateway(500, '900', 'Unexpected Error'),
  foreignService: json(403, { status: 403, error: 'Forbidden', message: "Do not have access to this 'serviceId'" }),
  flat: json(400, { errorCode: '210', errorMessage: 'Bad Request' }),
  numericCode: json(429, { error: { errorCode: 400, message: 'Quota Exceeded' } }),
  text: { status: 502, headers: { 'content-type': 'text/plain' }, body: 'Bad Gateway' },
} satisfies Record<string, Answer>;

/** What a send answers: accepted, not delivered, and no message id (providers A5). */
export function accepted(requestId: string, at: number): Answer {
  return json(202, { requestId, requestTime: seoul(at).replace(' ', 'T'), statusCode: '202', statusName: 'success' });
}

/** What the list answers: HTTP 200 around a `statusCode` of "202" (providers A1, A6). */
export function listed(messages: object[]): Answer {
  const page = { pageSize: 1000, pageIndex: 0, itemCount: messages.length, hasMore: false, nextToken: '' };
  return json(200, { statusCode: '202', statusName: 'success', messages, ...page });
}

/** What one message answers (providers A7). */
export function single(message: object): Answer {
  return json(200, { statusCode: '200', statusName: 'success', messages: [message] });
}

/** An instant as the vendor prints it, in Seoul and without a zone: `2025-11-25 09:39:40.535` (providers A5). */
export function seoul(at: number): string {
  return new Date(at + 9 * 3600 * 1000).toISOString().replace('T', ' ').slice(0, 23);
}
