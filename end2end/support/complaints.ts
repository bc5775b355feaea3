import { expect, type BrowserContext } from '@playwright/test';

/** What a browser complained about: an error on the console, an exception, or a breach of the content security policy. */
export interface Complaint {
  kind: 'console' | 'exception' | 'policy';
  text: string;
}

/** All complaints of a context's pages; a test that expects some says so. */
export class Complaints {
  readonly all: Complaint[] = [];
  private readonly allowed: RegExp[] = [];

  /** Lets complaints pass whose text fits. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Chromium writes an error to the console for every request that is answered with 400 or more. */
  allowStatus(...statuses: number[]): void {
    this.allow(...statuses.map((status) => new RegExp(`Failed to load resource: the server responded with a status of ${status}\\b`)));
  }

  get unexpected(): Complaint[] {
    return this.all.filter((one) => !this.allowed.some((pattern) => pattern.test(one.text)));
  }

  expectNone(): void {
    expect(this.unexpected, 'complaints of the browser').toEqual([]);
  }

  /** Listens to every page that the context has or opens. */
  async watch(context: BrowserContext): Promise<void> {
    context.on('console', (message) => {
      if (message.type() === 'error') this.add('console', `${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.add('exception', String(error.error().stack ?? error.error())));
    await context.exposeBinding('reportPolicyBreach', (_, text: string) => this.add('policy', text));
    await context.addInitScript(listenForBreaches);
  }

  private add(kind: Complaint['kind'], text: string): void {
    this.all.push({ kind, text });
  }
}

/** Runs in every document before its own scripts. */
function listenForBreaches(): void {
  const { reportPolicyBreach } = window as unknown as { reportPolicyBreach(text: string): void };
  document.addEventListener('securitypolicyviolation', (breach) => {
    reportPolicyBreach(`${breach.effectiveDirective} refused ${breach.blockedURI} (${breach.documentURI}:${breach.lineNumber})`);
  });
}
