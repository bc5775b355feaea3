import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Command {
  program: string;
  args: string[];
  cwd?: string;
  /** The whole environment: nothing is inherited but `PATH`, `HOME` and `TMPDIR`. */
  env: Record<string, string>;
}

/** A program that runs beside the tests; everything that it prints is kept. */
export class Running {
  private readonly child: ChildProcess;
  private readonly printed: string[] = [];
  private failure: Error | undefined;

  constructor({ program, args, cwd, env }: Command) {
    this.child = spawn(program, args, { cwd, env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.on('error', (error) => (this.failure = error));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.printed.push(text));
    }
  }

  get output(): string {
    return this.printed.join('');
  }

  get isRunning(): boolean {
    return !this.failure && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until it is ready; says what it printed if it ends before, or takes too long. */
  async until(isReady: () => Promise<boolean>, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (this.isRunning && Date.now() < end) {
      if (await isReady()) return;
      await sleep(50);
    }
    const reason = this.failure?.message ?? (this.isRunning ? `not ready after ${seconds} s` : `ended with ${this.ending}`);
    await this.stop();
    throw new Error(`${this.child.spawnfile}: ${reason}\n${this.output}`);
  }

  /** Asks it to end, and returns its exit code (or the signal that ended it) when it has. */
  async stop(seconds = 15): Promise<string> {
    if (this.isRunning) {
      this.child.kill('SIGTERM');
      await this.ended(seconds);
    }
    return this.ending;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'close');
  }

  /** Waits for it to end by itself, and returns its exit code. */
  async ended(seconds: number): Promise<string> {
    const timer = new AbortController();
    const late = sleep(seconds * 1000, 'late', { signal: timer.signal }).catch(() => 'ended');
    const first = this.isRunning ? await Promise.race([once(this.child, 'close'), late]) : 'ended';
    timer.abort();
    if (first !== 'late') return this.ending;
    await this.kill();
    throw new Error(`${this.child.spawnfile} did not end within ${seconds} s\n${this.output}`);
  }

  private get ending(): string {
    return String(this.child.exitCode ?? this.child.signalCode);
  }
}

function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
