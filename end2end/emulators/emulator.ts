import type { IncomingMessage, ServerResponse } from 'node:http';
import { perform, Scripts, type Behaviour } from './behaviour';
import { arrivalOf, listen, readBody, type Answer, type Arrival, type Listening } from './http';

/** An answer, and how it is put on the wire. */
export interface Reply {
  answer: Answer;
  behaviour?: Behaviour;
}

/** What the vendors' emulators share: a server, a record of what came, and behaviours scripted for the next requests. */
export abstract class Emulator<B extends Behaviour> {
  readonly arrivals: Arrival[] = [];
  /** All that a careful client would not have sent: assert that it is empty. */
  readonly violations: string[] = [];
  protected readonly scripts = new Scripts<B>();
  private readonly neighbours: { prefix: string; other: Pick<Emulator<Behaviour>, 'receive'> }[] = [];
  private listening?: Listening;

  protected abstract operationOf(method: string, target: string): string;
  protected abstract reply(arrival: Arrival): Reply;

  async listen(): Promise<this> {
    this.listening = await listen((request, response) => this.receive(request, response));
    return this;
  }

  /** Leaves the paths that begin so to another emulator, as a vendor's services share a host. */
  leaveTo(prefix: string, other: Pick<Emulator<Behaviour>, 'receive'>): void {
    this.neighbours.push({ prefix, other });
  }

  /** Answers one request, or has it answered. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    const neighbour = this.neighbours.find(({ prefix }) => request.url?.startsWith(prefix));
    if (neighbour) return neighbour.other.receive(request, response);
    this.handle(request, response).catch((error: unknown) => this.stumbled(request, response, error));
  }

  get url(): string {
    if (!this.listening) throw new Error('the emulator does not listen');
    return this.listening.url;
  }

  async close(): Promise<void> {
    await this.listening?.close();
  }

  /** The next requests for a number (as the client writes it; `*` for any) are treated like this, one behaviour each. */
  script(number: string, behaviours: B[]): void {
    this.scripts.add(number, behaviours);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = this.operationOf(request.method ?? '', request.url ?? '');
    if (this.scripts.takeUnread(operation)) return void request.socket.resetAndDestroy();
    const arrival = arrivalOf(request, await readBody(request));
    this.arrivals.push(arrival);
    const { answer, behaviour } = this.reply(arrival);
    await perform(request, response, answer, behaviour);
  }

  /** A client that goes away is no fault; anything else that goes wrong here is one. */
  private stumbled(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (!request.destroyed) this.violations.push(`the emulator stumbled: ${String(error)}`);
    response.destroy();
  }
}
