import { expect, test as base } from '@playwright/test';
import { htmlPage, redirect } from './http';
import { startSens, type Sens } from './sens';
import { sensErrors } from './sens_answers';
import { sendText } from './sens_caller';

const test = base.extend<{ sens: Sens }>({
  sens: async ({}, use) => {
    const sens = await startSens();
    await use(sens);
    await sens.close();
  },
});

const NUMBER = '01012345678';

for (const [name, error] of Object.entries(sensErrors)) {
  test(`the error ${name} is answered once, and nothing is sent`, async ({ sens }) => {
    sens.script(NUMBER, [{ answer: error }]);
    const response = await sendText(sens, NUMBER);
    expect([response.status, await response.text()]).toEqual([error.status, error.body]);
    expect(sens.sent).toEqual([]);
    expect((await sendText(sens, NUMBER)).status).toBe(202);
  });
}

test('behaviours of one number leave other numbers alone', async ({ sens }) => {
  sens.script(NUMBER, [{ answer: sensErrors.unexpected, times: Infinity }]);
  expect((await sendText(sens, '01087654321')).status).toBe(202);
  for (let i = 0; i < 3; i++) expect((await sendText(sens, NUMBER)).status).toBe(500);
});

test('a cut before reading leaves no trace of the request', async ({ sens }) => {
  sens.script('*', [{ cut: 'before_reading' }]);
  await expect(sendText(sens, NUMBER)).rejects.toThrow('fetch failed');
  expect(sens.arrivals).toEqual([]);
  expect(() => sens.script(NUMBER, [{ cut: 'before_reading' }])).toThrow('only be scripted for *');
});

test('a cut after reading sends only if it says so', async ({ sens }) => {
  sens.script(NUMBER, [{ cut: 'after_reading' }, { cut: 'after_reading', accepted: true }]);
  await expect(sendText(sens, NUMBER)).rejects.toThrow('fetch failed');
  expect([sens.arrivals.length, sens.sent.length]).toEqual([1, 0]);
  await expect(sendText(sens, NUMBER)).rejects.toThrow('fetch failed');
  expect(sens.lastCode(NUMBER)).toBe('123456');
});

test('a cut in the middle of the answer comes after the work', async ({ sens }) => {
  sens.script(NUMBER, [{ cut: 'mid_answer' }]);
  const response = await sendText(sens, NUMBER);
  expect(response.status).toBe(202);
  await expect(response.text()).rejects.toThrow('terminated');
  expect(sens.sent.length).toBe(1);
});

test('a delay and a slow drip hold the answer, not the message', async ({ sens }) => {
  sens.script(NUMBER, [{ delayMs: 200 }, { dripMs: 30 }]);
  for (const pause of [200, 240]) {
    const before = performance.now();
    await (await sendText(sens, NUMBER)).json();
    expect(performance.now() - before).toBeGreaterThanOrEqual(pause - 5);
  }
  expect(sens.sent.length).toBe(2);
});

test('a request can be held until the test lets it go', async ({ sens }) => {
  let letGo = () => {};
  sens.script(NUMBER, [{ until: new Promise<void>((resolve) => (letGo = resolve)) }]);
  let answered = false;
  const sending = sendText(sens, NUMBER).then((response) => ((answered = true), response));
  await expect.poll(() => sens.sent.length).toBe(1);
  expect(answered).toBe(false);
  letGo();
  expect((await sending).status).toBe(202);
});

test('a request that hangs ends when the emulator closes', async ({ sens }) => {
  sens.script(NUMBER, [{ hang: true }]);
  const sending = expect(sendText(sens, NUMBER)).rejects.toThrow('fetch failed');
  await expect.poll(() => sens.arrivals.length).toBe(1);
  await sens.close();
  await sending;
});

test('a redirect and an HTML page take the place of the answer', async ({ sens }) => {
  sens.script(NUMBER, [{ answer: redirect('http://127.0.0.1:9/elsewhere') }, { answer: htmlPage(200) }]);
  expect((await sendText(sens, NUMBER)).headers.get('location')).toBe('http://127.0.0.1:9/elsewhere');
  const page = await sendText(sens, NUMBER);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('fields of the ordinary answer can be changed, dropped, or all be null', async ({ sens }) => {
  sens.script(NUMBER, [{ patch: { statusName: 'fail', requestTime: undefined } }, { nulls: true }]);
  const changed = (await (await sendText(sens, NUMBER)).json()) as object;
  expect(Object.keys(changed)).toEqual(['requestId', 'statusCode', 'statusName']);
  const nulls = (await (await sendText(sens, NUMBER)).json()) as object;
  expect(new Set(Object.values(nulls))).toEqual(new Set([null]));
});
