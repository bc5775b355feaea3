import twilio from 'twilio';
import { arrivalOf, listen, readBody, type Arrival } from './http';

export interface Received {
  form: Record<string, string>;
  /** What the official package thinks of the signature. */
  isAuthentic: boolean;
}

/** The other side of the callbacks: keeps what comes, judged by the official package. */
export async function startReceiver(authToken: string, status = 204) {
  const received: Received[] = [];
  const server = await listen((request, response) => {
    void readBody(request).then((body) => {
      received.push(judged(arrivalOf(request, body), authToken));
      response.writeHead(status).end();
    });
  });
  return { url: `${server.url}/hooks/twilio/a-send?tenant=%EA%B0%80`, received, close: server.close };
}

function judged(arrival: Arrival, authToken: string): Received {
  const url = `http://${arrival.headers.host}${arrival.target}`;
  const form = Object.fromEntries(new URLSearchParams(arrival.body));
  const signature = arrival.headers['x-twilio-signature'] ?? '';
  return { form, isAuthentic: twilio.validateRequest(authToken, signature, url, form) };
}
