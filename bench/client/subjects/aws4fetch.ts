import { AwsClient } from 'aws4fetch';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const client = new AwsClient({ ...CREDENTIALS, service: 'ivschat', region: REGION });

void measure(async () => (await client.fetch(`${ENDPOINT}/CreateChatToken`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(INPUT),
})).json());
