/** A request of the same size over node:http, without a signature. */
import { Agent, request } from 'node:http';
import { CREDENTIALS, ENDPOINT, INPUT, measure } from '../measure';

const agent = new Agent({ keepAlive: true, maxSockets: 50 });
const { hostname, port } = new URL(ENDPOINT);
const headers = {
  'content-type': 'application/json',
  'x-amz-date': '20260101T000000Z',
  'x-amz-security-token': CREDENTIALS.sessionToken,
  'authorization': 'A'.repeat(230),
};

void measure(() => new Promise((resolve, reject) => {
  request({ agent, hostname, port, method: 'POST', path: '/CreateChatToken', headers }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => resolve(JSON.parse(text)));
  }).on('error', reject).end(JSON.stringify(INPUT));
}));
