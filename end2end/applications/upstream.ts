import { createServer, type IncomingMessage, type Server } from 'node:http';
import { freePort } from '../support/port';

export interface Reached {
  method: string;
  path: string;
  /** Names in lower case; one that came several times has all its values. */
  headers: Record<string, string[]>;
}

/** An application that knows nothing of sign-in: it shows and remembers the headers that it got. */
export class Upstream {
  readonly reached: Reached[] = [];

  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Upstream> {
    const server = createServer();
    const upstream = new Upstream(await freePort(), server);
    server.on('request', (request, response) => {
      const seen = upstream.remember(request);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      const shown = escaped(JSON.stringify(seen, null, 1));
      response.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>app</title><pre>${shown}</pre>`);
    });
    await new Promise<void>((resolve) => server.listen(upstream.port, '127.0.0.1', resolve));
    return upstream;
  }

  /** The last request that came to a path. */
  last(path: string): Reached {
    const found = this.reached.filter((one) => one.path === path).at(-1);
    if (!found) throw new Error(`nothing reached ${path}, but ${JSON.stringify(this.reached.map((one) => one.path))}`);
    return found;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private remember(request: IncomingMessage): Reached {
    const headers: Record<string, string[]> = {};
    const raw = request.rawHeaders;
    for (let at = 0; at < raw.length; at += 2) (headers[raw[at]!.toLowerCase()] ??= []).push(raw[at + 1]!);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers };
    this.reached.push(seen);
    return seen;
  }
}

/** All that an application may take for the name of who is there: many read `-`, `_` and `.` as one. */
export function claimed(seen: Reached): Record<string, string[]> {
  return Object.fromEntries(Object.entries(seen.headers).filter(([name, values]) => /^remote[^a-z]/.test(name) && values.join('') !== ''));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
