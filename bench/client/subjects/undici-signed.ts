/** A request over undici that aws4 signs. */
import aws4 from 'aws4';
import { Agent, request } from 'undici';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const dispatcher = new Agent({ connections: 50 });
const { host } = new URL(ENDPOINT);

void measure(async () => {
  const { headers, body } = aws4.sign({
    service: 'ivschat',
    region: REGION,
    method: 'POST',
    path: '/CreateChatToken',
    headers: { 'Host': host, 'content-type': 'application/json' },
    body: JSON.stringify(INPUT),
  }, CREDENTIALS);
  const options = { dispatcher, method: 'POST', headers: headers as Record<string, string>, body } as const;
  return (await request(`${ENDPOINT}/CreateChatToken`, options)).body.json();
});
