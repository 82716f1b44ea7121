import { Agent, request } from 'node:http';
import aws4 from 'aws4';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const agent = new Agent({ keepAlive: true, maxSockets: 50 });
const { hostname, port, host } = new URL(ENDPOINT);

void measure(() => new Promise((resolve, reject) => {
  const options = aws4.sign({
    service: 'ivschat',
    region: REGION,
    method: 'POST',
    path: '/CreateChatToken',
    headers: { 'Host': host, 'content-type': 'application/json' },
    body: JSON.stringify(INPUT),
    hostname,
    port: Number(port),
    agent,
  } as aws4.Request, CREDENTIALS);
  request(options as object, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => resolve(JSON.parse(text)));
  }).on('error', reject).end(options.body);
}));
