import { expect, test as base } from '@playwright/test';
import { SolapiMessageService } from 'solapi';
import { startSolapi, type Solapi } from './solapi';
import { solapiErrors } from './solapi_answers';

const HOST = 'https://api.solapi.com';
const NUMBER = '01012345678';
const TEXT = '인증번호 [246810]';

/** The vendor's own package knows one host, so requests to that are led elsewhere; all else of it runs as published. */
const test = base.extend<{ solapi: Solapi; client: SolapiMessageService }>({
  solapi: async ({}, use) => {
    const solapi = await startSolapi();
    await use(solapi);
    await solapi.close();
  },
  client: async ({ solapi }, use) => {
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => fetch(String(input).replace(HOST, solapi.url), init);
    await use(new SolapiMessageService(solapi.settings.apiKey, solapi.settings.apiSecret));
    globalThis.fetch = fetch;
  },
});

test('the official client sends a text and reads what became of it', async ({ solapi, client }) => {
  const answer = await client.send({ to: '010-1234-5678', from: solapi.settings.sender, text: TEXT }, { showMessageList: true });
  expect(answer.groupInfo.count).toMatchObject({ total: 1, registeredSuccess: 1 });
  expect(answer.messageList).toMatchObject([{ messageId: solapi.sent[0]?.messageId, statusCode: '2000' }]);
  expect(solapi.lastCode(NUMBER)).toBe('246810');
  const { groupId } = answer.groupInfo;
  const codes: unknown[] = [];
  for (let i = 0; i < 4; i++) codes.push(...Object.values((await client.getMessages({ groupId })).messageList).map((one) => one.statusCode));
  expect(codes).toEqual(['2000', '3000', '4000']);
  expect(solapi.violations).toEqual([]);
});

test('the official client sends a talk, and reads that a text went out in its place', async ({ solapi, client }) => {
  const { pfId, templateId } = solapi.settings.template;
  solapi.script(NUMBER, [{ delivery: { talk: '3104' } }]);
  const kakaoOptions = { pfId, templateId, variables: { 인증번호: '135790' }, disableSms: false };
  const { sender: from } = solapi.settings;
  const replacements = [{ to: NUMBER, from, type: 'SMS', text: TEXT }];
  await client.send({ to: NUMBER, from, kakaoOptions, replacements });
  const { messageId } = solapi.sent[0]!;
  expect(solapi.sent[0]).toMatchObject({ type: 'ATA', talk: '[Beonho] 인증번호는 135790입니다.', text: TEXT });
  for (let i = 0; i < 4; i++) await client.getMessages({ messageId });
  const { messageList } = await client.getMessages({ messageId });
  expect(messageList[messageId]).toMatchObject({ type: 'SMS', statusCode: '4000', replacement: true });
  expect(solapi.violations).toEqual([]);
});

test('the official client tells a success in which nothing was taken', async ({ solapi, client }) => {
  const sending = client.send({ to: NUMBER, from: '15889999', text: TEXT });
  await expect(sending).rejects.toMatchObject({ _tag: 'MessageNotReceivedError', totalCount: 1, failedMessageList: [{ statusCode: '1062' }] });
  expect(solapi.sent).toEqual([]);
});

test('the official client tells that the balance is spent', async ({ solapi, client }) => {
  solapi.script(NUMBER, [{ answer: solapiErrors.notEnoughBalance }]);
  const sending = client.send({ to: NUMBER, from: solapi.settings.sender, text: TEXT });
  await expect(sending).rejects.toMatchObject({ _tag: 'ClientError', errorCode: 'NotEnoughBalance', httpStatus: 402 });
});

test('the official client with a wrong secret is refused', async ({ solapi, client }) => {
  expect(client).toBeDefined();
  const stranger = new SolapiMessageService(solapi.settings.apiKey, 'another secret');
  const sending = stranger.send({ to: NUMBER, from: solapi.settings.sender, text: TEXT });
  await expect(sending).rejects.toMatchObject({ _tag: 'ClientError', errorCode: 'SignatureDoesNotMatch', httpStatus: 403 });
  expect(solapi.arrivals).toHaveLength(1);
  expect(solapi.sent).toEqual([]);
});
