import type { RequestListener } from 'node:http';
import { appPage } from './app_page';
import type { Place } from './place';

/** The least that a relying party is: it keeps what the browser brought, and does nothing with it. */
export class CallbackApp {
  readonly arrivals: URL[] = [];

  constructor(readonly place: Place) {}

  readonly app: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', this.place.origin);
    if (url.pathname === this.place.callback) this.arrivals.push(url);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(appPage(this.place.name, { person: Object.fromEntries(url.searchParams), links: [] }));
  };

  /** What the browser brought last. */
  get arrival(): URL {
    const last = this.arrivals.at(-1);
    if (!last) throw new Error('nobody came back');
    return last;
  }
}
