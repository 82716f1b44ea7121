/** A request of the same size over undici, without a signature. */
import { Agent, request } from 'undici';
import { CREDENTIALS, ENDPOINT, INPUT, measure } from '../measure';

const dispatcher = new Agent({ connections: 50 });
const headers = {
  'content-type': 'application/json',
  'x-amz-date': '20260101T000000Z',
  'x-amz-security-token': CREDENTIALS.sessionToken,
  'authorization': 'A'.repeat(230),
};

void measure(async () => {
  const options = { dispatcher, method: 'POST', headers, body: JSON.stringify(INPUT) } as const;
  return (await request(`${ENDPOINT}/CreateChatToken`, options)).body.json();
});
