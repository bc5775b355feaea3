import { json, type Answer } from './http';

/** An error in the shape of Supabase's hooks; with an HTTP status of 200 it is an error all the same (providers C). */
export function hookError(httpCode: number, message: string, status = httpCode, headers: Record<string, string> = {}): Answer {
  return json(status, { error: { http_code: httpCode, message } }, headers);
}

/** What an endpoint may answer: 200, 202 and 204 accept, everything else refuses (providers C). */
export const hookAnswers = {
  accepted: json(200, {}),
  acceptedForLater: json(202, {}),
  acceptedSilently: { status: 204, body: '' },
  notFound: hookError(404, 'Not Found'),
  refusedInside: hookError(400, 'this number is not served', 200),
  forbidden: hookError(403, 'this number is not served'),
  throttled: hookError(429, 'too many'),
  throttledForASecond: hookError(429, 'too many', 429, { 'retry-after': '1' }),
  throttledForAnHour: hookError(429, 'too many', 429, { 'retry-after': '3600' }),
  broken: hookError(500, 'a bug'),
  down: hookError(503, 'down'),
  downForASecond: hookError(503, 'down', 503, { 'retry-after': '1' }),
} satisfies Record<string, Answer>;
