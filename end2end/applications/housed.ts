import { createConnection } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Running, type Command } from '../support/process';

/** A program with a folder of its own that ends with it. */
export class Housed {
  private constructor(
    private readonly folder: string,
    private readonly program: Running,
  ) {}

  /** Writes the files, starts the program, and waits until its port answers. */
  static async start(port: number, files: Record<string, string>, command: (folder: string) => Command): Promise<Housed> {
    const folder = await mkdtemp(join(tmpdir(), 'beonho-application-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text.replaceAll('FOLDER', folder));
    const housed = new Housed(folder, new Running({ cwd: folder, ...command(folder) }));
    try {
      await housed.program.until(() => answers(port), 30);
    } catch (error) {
      await housed.close();
      throw error;
    }
    return housed;
  }

  get output(): string {
    return this.program.output;
  }

  async close(): Promise<void> {
    await this.program.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.on('connect', () => resolve(!!socket.destroy()));
    socket.on('error', () => resolve(false));
  });
}
