/** An application's page: who is signed in, or what went wrong, and where to go from there. */
export function appPage(title: string, parts: { person?: object; fault?: string; links: [id: string, href: string][] }): string {
  const links = parts.links.map(([id, href]) => `<a id="${id}" href="${href}">${id}</a>`);
  const person = parts.person && `<pre id="person">${escape(JSON.stringify(parts.person, null, 2))}</pre>`;
  const fault = parts.fault && `<pre id="fault">${escape(parts.fault)}</pre>`;
  return `<!doctype html><html lang="en"><title>${escape(title)}</title><link rel="icon" href="data:,">${person ?? ''}${fault ?? ''}${links.join(' ')}</html>`;
}

/** An error with the causes that libraries hang behind it. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const { code, cause } = error as Error & { code?: string };
  const told = cause instanceof URLSearchParams ? cause.toString() : cause instanceof Error ? faultOf(cause) : JSON.stringify(cause);
  return [code, error.message, told].filter(Boolean).join('\n');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
