import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/port';
import { Running } from '../support/process';

const PRISM = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url));

/** The vendor's OpenAPI documents in end2end/contracts; of the large one only what sends and fetches a message. */
export type Contract = 'twilio_verify_v2' | 'twilio_api_v2010';

export interface Prism {
  url: string;
  /** What broke the document so far, request or answer, as the proxy printed it. */
  readonly violations: string[];
  /** How many requests it has passed on. */
  readonly requests: number;
  close(): Promise<unknown>;
}

/**
 * Puts the vendor's OpenAPI document between a client and an upstream: what breaks it is answered with 500.
 * Started with node and not with npx, whose end would leave the proxy running (providers B7).
 */
export async function startPrism(upstream: string, contract: Contract = 'twilio_verify_v2'): Promise<Prism> {
  const port = await freePort();
  const document = fileURLToPath(new URL(`../contracts/${contract}.prism.json`, import.meta.url));
  const args = [PRISM, 'proxy', '-h', '127.0.0.1', '-p', String(port), '--errors', document, upstream];
  const proxy = new Running({ program: process.execPath, args, env: { NO_COLOR: '1' } });
  await proxy.until(() => accepts(port), 40);
  const lines = (pattern: RegExp) => proxy.output.split('\n').filter((line) => pattern.test(line));
  return {
    url: `http://127.0.0.1:${port}`,
    get violations() {
      return lines(/violation|\bterminated\b/i);
    },
    get requests() {
      return lines(/Request received/).length;
    },
    close: () => proxy.stop(),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
