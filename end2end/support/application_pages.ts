import type { IncomingMessage } from 'node:http';

/** What the application answers. */
export interface Page {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** Opens the sign-in in a window of its own, and waits to be told. */
export const OPENER = `<button id="open">Sign in</button><p id="told"></p><script>
  const begin = '/begin?redirect_uri=' + encodeURIComponent(location.origin + '/popup/callback');
  document.getElementById('open').onclick = () => open(begin, 'sign-in', 'popup,width=420,height=700');
  addEventListener('message', ({ origin, data }) => { if (origin === location.origin) document.getElementById('told').textContent = data; });
</script>`;

/** Tells whoever opened the window, and closes it. */
export const OPENED = `<script>
  if (opener) { opener.postMessage(document.getElementById('who').textContent, location.origin); close(); }
</script>`;

export function pageOf(name: string, body: string, status = 200): Page {
  const title = name.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">';
  const page = `<!doctype html><html lang="en">${head}<title>${title}</title><main><h1>${title}</h1>${body}</main></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: page };
}

export function redirect(location: string): Page {
  return { status: 303, headers: { location }, body: '' };
}

/** Ports share cookies, so that names say whose they are; an empty one is taken away. */
export function withCookie(page: Page, name: string, value: string): Page {
  const cookie = `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${value ? '' : '; Max-Age=0'}`;
  return { ...page, headers: { ...page.headers, 'set-cookie': [page.headers['set-cookie'] ?? [], cookie].flat() } };
}

export function cookiesOf(request: IncomingMessage): Map<string, string> {
  return new Map((request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=', 2) as [string, string]));
}
