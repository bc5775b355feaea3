// One person's way through a server that shows its codes at /inbox.

/** The code of the newest text. */
export async function latestCode(origin) {
  const html = await (await fetch(`${origin}/inbox/messages`)).text();
  return /#(\d{6})/.exec(html)?.[1] ?? '';
}

/** Makes an account, and gives the cookie that says so. */
export async function signUp(origin, number) {
  let cookie = '';
  const post = async (path, body) => {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return (await answer.json()).outcome;
  };
  const outcomes = [
    await post('/v1/verification', { phone_number: number }),
    await post('/v1/verification/check', { code: await latestCode(origin) }),
    await post('/v1/accounts', { nickname: '민지' }),
  ];
  if (outcomes.at(-1) !== 'signed_up') throw new Error(`nobody signed up: ${outcomes}`);
  return cookie;
}

/** What the server says of whoever has this cookie. */
export async function stateOf(origin, cookie) {
  const answer = await fetch(`${origin}/v1/verification`, { headers: { cookie } });
  return (await answer.json()).status.state;
}

/** Loads the page and the files that it names, as a browser that understands Brotli; gives the page. */
export async function visit(origin) {
  const page = await (await fetch(origin)).text();
  const files = new Set(page.match(/\/pkg\/[\w.-]+/g));
  if (files.size !== 3) throw new Error(`the page names other files than glue, islands and style: ${[...files]}`);
  for (const file of files) {
    const answer = await fetch(origin + file, { headers: { 'accept-encoding': 'br' } });
    const told = [answer.status, answer.headers.get('content-encoding'), answer.headers.get('cache-control')].join(' ');
    if (told !== '200 br public, max-age=31536000, immutable') throw new Error(`${file}: ${told}`);
  }
  return page;
}
