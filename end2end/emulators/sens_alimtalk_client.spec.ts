import { AlimtalkClient } from '@pickk/sens';
import { expect, test } from '@playwright/test';
import { startSensAlimtalk, type SensAlimtalk } from './sens_alimtalk';
import { SMS, TALK } from './sens_alimtalk_caller';
import { talkOutcomes } from './sens_alimtalk_message';
import { sensErrors } from './sens_answers';

/** An independent client, as published, that only learns another host (providers A10). */
function clientOf(talk: SensAlimtalk, secretKey = talk.settings.secretKey): AlimtalkClient {
  const { accessKey, serviceId, plusFriendId } = talk.settings;
  const client = new AlimtalkClient({ accessKey, secretKey, alimtalkServiceId: serviceId, plusFriendId });
  Object.assign(client, { baseUrl: `${talk.url}/alimtalk/v2/services/${serviceId}` });
  return client;
}

function requestOf({ settings }: SensAlimtalk, content = TALK) {
  const failoverConfig = { type: 'SMS' as const, from: settings.sender, content: SMS };
  const message = { countryCode: '82', to: '01012345678', content, useSmsFailover: true, failoverConfig };
  return { templateCode: settings.templateCode, messages: [message] };
}

test('an independent client is accepted', async () => {
  const talk = await startSensAlimtalk();
  const { requestId, messages } = await clientOf(talk).send(requestOf(talk));
  expect(requestId).toBe(talk.sent[0]?.requestId);
  expect(messages).toMatchObject([{ messageId: talk.sent[0]?.messageId, requestStatusCode: 'A000', requestStatusName: 'success', useSmsFailover: true }]);
  expect(talk.lastCode('01012345678')).toBe('123456');
  expect(talk.violations).toEqual([]);
  await talk.close();
});

test('an independent client falls back to a text message, and is told of a text that is not approved', async () => {
  const talk = await startSensAlimtalk();
  talk.script('01012345678', [{ on: 'send', outcome: talkOutcomes.bySms }]);
  await clientOf(talk).send(requestOf(talk));
  expect(talk.inbox('01012345678')).toEqual([SMS]);
  const refused = await clientOf(talk).send(requestOf(talk, 'hello'));
  expect(refused.messages).toMatchObject([{ requestStatusCode: 'B001', requestStatusName: 'fail' }]);
  await talk.close();
});

test('an independent client with a wrong secret is refused', async () => {
  const talk = await startSensAlimtalk();
  const body = JSON.parse(sensErrors.authenticationInvalid.body) as object;
  await expect(clientOf(talk, 'another secret').send(requestOf(talk))).rejects.toMatchObject({ response: { status: 401, data: body } });
  expect(talk.sent).toEqual([]);
  await talk.close();
});
