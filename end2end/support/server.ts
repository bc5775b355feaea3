import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './port';
import { Running, type Command } from './process';

export type Env = Record<string, string>;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `BEONHO` names another binary, such as a debug build, relative to the project's root. */
export const BINARY = resolve(ROOT, process.env.BEONHO ?? 'target/release/beonho');

/**
 * Starts the server on a free port with a database of its own, and waits until it is live. It runs in a folder that holds nothing but that
 * database, and by nothing but its variables (docs/design.md, "Where do settings come from?").
 */
export async function startServer(env: Env = {}, program: Pick<Command, 'program' | 'args'> = { program: BINARY, args: [] }): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'beonho-'));
  const port = await freePort();
  const server = new Server({ ...program, env: { ...defaults(port, directory), ...env } }, port, directory);
  try {
    await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

/** No balancer needs time to notice a stop, and the log holds all that it ever could (it is searched for leaks). */
function defaults(port: number, directory: string): Env {
  return {
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    PUBLIC_ORIGIN: `http://localhost:${port}`,
    DATABASE_URL: `sqlite://${join(directory, 'beonho.db')}`,
    METRICS_ADDR: 'off',
    ADMIN_ADDR: 'off',
    DRAIN_SECS: '0',
    RUST_LOG: 'trace',
  };
}

/** A secret key as `SECRET_KEY` wants it: 32 bytes in hexadecimal (docs/design.md, "What is SECRET_KEY for?"). */
export function newSecretKey(): string {
  return randomBytes(32).toString('hex');
}

/** One server process after another on the same port and database. */
export class Server {
  private running?: Running;
  private earlier = '';

  constructor(
    private readonly command: Command,
    readonly port: number,
    private readonly directory: string,
  ) {}

  /** What browsers call it. */
  get origin(): string {
    return this.env.PUBLIC_ORIGIN ?? '';
  }

  /** Where it listens, past any proxy. */
  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get env(): Env {
    return this.command.env;
  }

  /** All that it printed, over restarts. */
  get output(): string {
    return this.earlier + (this.running?.output ?? '');
  }

  async start(): Promise<void> {
    const running = new Running({ ...this.command, cwd: this.directory });
    await running.until(() => this.isLive(), 30);
    this.running = running;
  }

  /** Stops it as a service manager would; fails if it does not end with 0. */
  async stop(): Promise<void> {
    const ending = await this.running?.stop();
    this.forget();
    if (ending !== undefined && ending !== '0') throw new Error(`the server ended with ${ending}\n${this.output}`);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.running?.kill();
    this.forget();
  }

  /** Stops it and starts it again, with some settings changed; an empty one is left out. */
  async restart(changes: Env = {}): Promise<void> {
    await this.stop();
    Object.assign(this.command.env, changes);
    for (const [name, value] of Object.entries(changes)) if (value === '') delete this.command.env[name];
    await this.start();
  }

  /** Runs the program once with the same settings, such as `unlock NUMBER`; gives its exit code and what it printed. */
  async run(...args: string[]): Promise<{ ending: string; output: string }> {
    const once = new Running({ ...this.command, cwd: this.directory, args: [...this.command.args, ...args] });
    return { ending: await once.ended(20), output: once.output };
  }

  /** Stops it and throws its database away. */
  async dispose(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await rm(this.directory, { recursive: true, force: true });
    }
  }

  private forget(): void {
    this.earlier = this.output;
    this.running = undefined;
  }

  private async isLive(): Promise<boolean> {
    try {
      return (await fetch(`${this.address}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}
