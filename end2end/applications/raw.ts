import { request as http, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { request as https } from 'node:https';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  origin: string;
  path: string;
  method?: string;
  headers?: OutgoingHttpHeaders;
}

/** One request to this machine under the name of any host, with headers as they are given and no redirect followed. */
export function ask({ origin, path, method = 'GET', headers = {} }: Ask): Promise<Answer> {
  const { protocol, host, hostname, port } = new URL(origin);
  const start = protocol === 'https:' ? https : http;
  const tls = protocol === 'https:' ? { servername: hostname, rejectUnauthorized: false } : {};
  const own = { host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false as const, ...tls };
  return new Promise((resolve, reject) => {
    const sent = start(own, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}
