import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an emulator answers, before it goes on the wire. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** One request as it arrived: `target` is the raw text of the request line, never a parsed and rewritten URL. */
export interface Arrival {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  at: number;
}

export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** Answers with a JSON document. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A page where JSON was expected: what a captive portal or a gateway's front shows. */
export function htmlPage(status: number): Answer {
  const body = '<!doctype html><title>Maintenance</title><h1>Please come back later</h1>';
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** An answer that sends the client somewhere else. */
export function redirect(location: string, status = 302): Answer {
  return { status, headers: { location, 'content-type': 'text/plain' }, body: '' };
}

/** Nothing where something was expected. */
export function empty(status: number): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: '' };
}

/** Ten megabytes of JSON: more than any answer of a vendor, and enough to hurt whoever reads it all. */
export function huge(status: number): Answer {
  return json(status, { filler: 'x'.repeat(10_000_000) });
}

/** A body as a JSON object, if it is one. */
export function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The request without its body, with single-valued headers. */
export function arrivalOf(request: IncomingMessage, body: string): Arrival {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
    at: Date.now(),
  };
}

/** Listens on a free port of the loopback address; `close` also ends requests that still hang. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
