import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './http';

/** How an emulator treats one request instead of answering at once and as it should. */
export interface Behaviour {
  /** Meant for this operation only, such as `send` or `check`; any operation when absent. */
  on?: string;
  /** How many requests it is good for: 1 unless said, `Infinity` for all that follow. */
  times?: number;
  /** Answer this instead. */
  answer?: Answer;
  /** Changes the body of the ordinary answer: a value replaces the field, `undefined` drops it. */
  patch?: Record<string, unknown>;
  /** The ordinary answer with null in every field. */
  nulls?: boolean;
  /** Close the connection: before the body is read (only for `*`), after it is read, or in the middle of the answer. */
  cut?: 'before_reading' | 'after_reading' | 'mid_answer';
  /** Never answer. */
  hang?: boolean;
  /** Wait this long before the answer. */
  delayMs?: number;
  /** Wait for this before the answer: holds a request in flight until a test lets it go. */
  until?: Promise<unknown>;
  /** Send the body in eight pieces with this pause before each. */
  dripMs?: number;
  /** The vendor does the work although the client cannot see it (with `answer`, `cut: after_reading`, `hang`). */
  accepted?: boolean;
}

/** Whether the vendor does what it was asked: yes, unless the behaviour takes the ordinary answer's place. */
export function doesTheWork(behaviour: Behaviour): boolean {
  if (behaviour.accepted !== undefined) return behaviour.accepted;
  return !behaviour.answer && !behaviour.hang && (!behaviour.cut || behaviour.cut === 'mid_answer');
}

/** Behaviours that wait for their requests: a list for each number, and one for `*`, any number. */
export class Scripts<B extends Behaviour> {
  private readonly lists = new Map<string, { behaviour: B; left: number }[]>();

  add(number: string, behaviours: B[]): void {
    if (number !== '*' && behaviours.some((one) => one.cut === 'before_reading')) {
      throw new Error('the number is in the body: cut before_reading can only be scripted for *');
    }
    const entries = behaviours.map((behaviour) => ({ behaviour, left: behaviour.times ?? 1 }));
    this.lists.set(number, [...(this.lists.get(number) ?? []), ...entries]);
  }

  /** Takes the next behaviour for an operation on a number, its own list first. */
  take(number: string, operation: string): B | undefined {
    const fits = (one: B) => one.cut !== 'before_reading' && (!one.on || one.on === operation);
    return this.takeFrom(number, fits) ?? this.takeFrom('*', fits);
  }

  /** Takes a cut that is due before anything of the request's body is read. */
  takeUnread(operation: string): B | undefined {
    return this.takeFrom('*', (one) => one.cut === 'before_reading' && (!one.on || one.on === operation));
  }

  private takeFrom(number: string, fits: (behaviour: B) => boolean): B | undefined {
    const list = this.lists.get(number) ?? [];
    const entry = list.find((one) => one.left > 0 && fits(one.behaviour));
    if (entry) entry.left -= 1;
    return entry?.behaviour;
  }
}

/** Puts an answer on the wire the way the behaviour asks for. */
export async function perform(
  request: IncomingMessage,
  response: ServerResponse,
  ordinary: Answer,
  behaviour: Behaviour = {},
): Promise<void> {
  if (behaviour.hang) return;
  if (behaviour.cut === 'after_reading') return void request.socket.destroy();
  await behaviour.until;
  if (behaviour.delayMs) await sleep(behaviour.delayMs);
  const answer = behaviour.answer ?? changed(ordinary, behaviour);
  const bytes = Buffer.from(answer.body);
  // RFC 9110, 8.6: a 204 has no length.
  const length = answer.status === 204 ? {} : { 'content-length': bytes.length };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  if (behaviour.cut === 'mid_answer') return cutInTheMiddle(response, bytes);
  if (behaviour.dripMs) await drip(response, bytes, behaviour.dripMs);
  else response.write(bytes);
  response.end();
}

function changed(ordinary: Answer, { patch, nulls }: Behaviour): Answer {
  if (!patch && !nulls) return ordinary;
  const body = JSON.parse(ordinary.body) as Record<string, unknown>;
  if (nulls) for (const field of Object.keys(body)) body[field] = null;
  return { ...ordinary, body: JSON.stringify({ ...body, ...patch }) };
}

function cutInTheMiddle(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
}

async function drip(response: ServerResponse, bytes: Buffer, pauseMs: number): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / 8));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await sleep(pauseMs);
    response.write(bytes.subarray(at, at + size));
  }
}
