import { SmsClient } from '@pickk/sens';
import { expect, test } from '@playwright/test';
import { startSens, type Sens } from './sens';
import { sensErrors } from './sens_answers';

/** An independent client, as published, that only learns another host (providers A10). */
function clientOf(sens: Sens, secretKey = sens.settings.secretKey): SmsClient {
  const { accessKey, serviceId, sender } = sens.settings;
  const client = new SmsClient({ accessKey, secretKey, smsServiceId: serviceId, callingNumber: sender });
  Object.assign(client, { baseUrl: `${sens.url}/sms/v2/services/${serviceId}` });
  return client;
}

test('an independent client is accepted', async () => {
  const sens = await startSens();
  const answer = await clientOf(sens).send({ to: '01012345678', content: '인증번호 [246810]' });
  expect(answer).toMatchObject({ statusCode: '202', statusName: 'success', requestId: sens.sent[0]?.requestId });
  expect(sens.lastCode('01012345678')).toBe('246810');
  expect(sens.violations).toEqual([]);
  await sens.close();
});

test('an independent client with a wrong secret is refused', async () => {
  const sens = await startSens();
  const sending = clientOf(sens, 'another secret').send({ to: '01012345678', content: '인증번호 [246810]' });
  const body = JSON.parse(sensErrors.authenticationInvalid.body) as object;
  await expect(sending).rejects.toMatchObject({ response: { status: 401, data: body } });
  expect(sens.sent).toEqual([]);
  await sens.close();
});
