import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as forward, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A reverse proxy that ends TLS with a certificate of its own, as in front of a server on the internet. */
export async function startTlsProxy(port: number, upstreamPort: number): Promise<TlsProxy> {
  const proxy = new TlsProxy(port, upstreamPort);
  await proxy.listen();
  return proxy;
}

export class TlsProxy {
  /** The address that it names as the client's, to make requests come from elsewhere. */
  clientAddress = '203.0.113.7';
  private server?: Server;

  constructor(
    private readonly port: number,
    private readonly upstreamPort: number,
  ) {}

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  async listen(): Promise<void> {
    const server = createServer(await certificate(), (request, response) => this.handle(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.server = server;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (!this.server) return resolve();
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path } = request;
    const headers = this.forwarded(request.headers);
    const upstream = forward({ host: '127.0.0.1', port: this.upstreamPort, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  /** Keeps Host, adds the client to what the request already says of its way here. */
  private forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const before = headers['x-forwarded-for'];
    const way = before ? `${String(before)}, ${this.clientAddress}` : this.clientAddress;
    return { ...headers, 'x-forwarded-for': way, 'x-forwarded-proto': 'https' };
  }
}

export interface Certificate {
  key: string;
  cert: string;
}

let made: Promise<Certificate> | undefined;

/** One self-signed certificate for localhost and its sub-domains in each process. */
export function certificate(): Promise<Certificate> {
  return (made ??= makeCertificate());
}

async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'beonho-tls-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, ...name, '-keyout', key, '-out', cert]);
  const pair = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  await rm(directory, { recursive: true });
  return pair;
}
