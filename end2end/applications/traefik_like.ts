import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { documented } from './documented';
import type { Door, Ends } from './doors';

const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Does what Traefik's forwardAuth and its two routers do, without TLS (pkg/middlewares/auth/forward.go of v3, read and not run): asks with all
 * headers and no body, says what the request was, hands on any answer that is not 2xx as it is, and replaces what the expression names.
 */
export async function startTraefikLike(ends: Ends): Promise<Door> {
  const [block = ''] = await documented('forward-auth.md', 'Traefik', 'yaml', {});
  const address = new URL(/address: (\S+)/.exec(block)?.[1] ?? '');
  const taken = new RegExp(/authResponseHeadersRegex: "\(\?i\)(\S+)"/.exec(block)?.[1] ?? '', 'i');

  const handle = async (arrived: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (arrived.url?.startsWith('/.beonho/')) return pass(arrived, response, ends.beonho, forwarded(arrived));
    const asked = { ...without(forwarded(arrived), 'content-length'), 'x-forwarded-method': arrived.method, 'x-forwarded-uri': arrived.url };
    const verdict = await send(ends.beonho, { method: 'GET', path: address.pathname + address.search, headers: asked });
    const status = verdict.statusCode ?? 502;
    if (status < 200 || status > 299) {
      response.writeHead(status, without(verdict.headers, ...HOP_BY_HOP));
      verdict.pipe(response);
      return;
    }
    verdict.resume();
    const named = (headers: IncomingHttpHeaders) => Object.keys(headers).filter((name) => taken.test(name));
    const told = Object.fromEntries(named(verdict.headers).map((name) => [name, verdict.headers[name]]));
    pass(arrived, response, ends.upstream, { ...without(forwarded(arrived), ...named(arrived.headers)), ...told });
  };

  const server = createServer((arrived, response) => {
    handle(arrived, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(ends.port, '127.0.0.1', resolve));
  const close = () => (server.closeAllConnections(), new Promise<void>((resolve) => server.close(() => resolve())));
  return { output: '', close };
}

/** With `trustForwardHeader` off, what a browser says of its way here counts for nothing. */
function forwarded(arrived: IncomingMessage): OutgoingHttpHeaders {
  const way = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': arrived.headers.host };
  return { ...without(arrived.headers, ...HOP_BY_HOP), ...way };
}

function without(headers: OutgoingHttpHeaders, ...names: string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function send(port: number, own: { method?: string; path?: string; headers: OutgoingHttpHeaders }, body?: IncomingMessage): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, ...own }, resolve);
    sent.on('error', reject);
    if (body) body.pipe(sent);
    else sent.end();
  });
}

async function pass(arrived: IncomingMessage, response: ServerResponse, port: number, headers: OutgoingHttpHeaders): Promise<void> {
  const answer = await send(port, { method: arrived.method, path: arrived.url, headers }, arrived);
  response.writeHead(answer.statusCode ?? 502, without(answer.headers, ...HOP_BY_HOP));
  answer.pipe(response);
}
