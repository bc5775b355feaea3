import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient';
import type Response from 'twilio/lib/http/response';
import type { MessagingSettings } from './twilio_messaging';
import type { TwilioSettings } from './twilio_verify';

/** What came back, with the headers that the official package does not hand out. */
export interface Received {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string>;
}

/** The official package's transport, sending to another host (providers B6). */
class Redirected extends twilio.RequestClient {
  readonly received: Received[] = [];

  constructor(private readonly base: string) {
    super();
  }

  override async request<T>(options: RequestClient.RequestOptions<T>): Promise<Response<T>> {
    const uri = options.uri.replace(/^https:\/\/(verify|api)\.twilio\.com/, this.base);
    const response = await super.request({ ...options, uri });
    const headers = { ...(response as { headers?: Record<string, string> }).headers };
    this.received.push({ method: options.method, path: new URL(uri).pathname, status: response.statusCode, headers });
    return response;
  }
}

/** The official package as a client of one service at `base`, and all that it received. */
export function officialClient(settings: TwilioSettings, base: string) {
  const httpClient = new Redirected(base);
  const client = twilio(settings.accountSid, settings.authToken, { httpClient });
  return { service: client.verify.v2.services(settings.serviceSid), received: httpClient.received };
}

/** The official package as a client that sends messages at `base`. */
export function officialMessaging({ accountSid, authToken }: Pick<MessagingSettings, 'accountSid' | 'authToken'>, base: string) {
  const httpClient = new Redirected(base);
  return { messages: twilio(accountSid, authToken, { httpClient }).messages, received: httpClient.received };
}
