import type { Answer, Arrival } from './http';
import { sensErrors } from './sens_answers';
import { authenticate, type SensKeys } from './sens_signature';

/** The two services that share a host and a signature (providers A1; the pages sens-overview and sens-alimtalk-send). */
export type SensService = 'sms' | 'alimtalk';

export const ENCODED_SERVICE = 'the service id is percent-encoded; its colons stay raw';

/** The service's id in a path as it was written, or nothing. */
export function serviceOf({ target }: Pick<Arrival, 'target'>, service: SensService): string {
  return new RegExp(`^/${service}/v2/services/([^/?]+)/messages(?=$|[/?])`).exec(target)?.[1] ?? '';
}

/** The path, then the signature, then the service (providers A1, A8). */
export function refusedAtTheGate(
  arrival: Arrival,
  service: SensService,
  settings: SensKeys & { serviceId: string },
  now: number,
): Answer | undefined {
  const id = serviceOf(arrival, service);
  if (!id) return sensErrors.notFound;
  const verdict = authenticate(arrival, settings, now);
  if (verdict === 'missing') return sensErrors.authenticationMissing;
  if (verdict === 'invalid') return sensErrors.authenticationInvalid;
  return decodeURIComponent(id) === settings.serviceId ? undefined : sensErrors.foreignService;
}
