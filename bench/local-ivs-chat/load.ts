/**
 * Puts load on the service: `requests`, `rooms` or `idle`. It runs in its own process, and sends the result to its
 * parent.
 */
import { Agent, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { sign } from 'aws4';

const [mode, controlPlane, accessKeyId, secretAccessKey, pace, ...numbers] =
  process.argv.slice(2) as [string, string, string, string, string, ...string[]];
const { hostname, port, host } = new URL(controlPlane);
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** The clock of the service. It can be fast, and server.ts has the reason. */
const clock = { start: Date.now(), serviceStart: 0 };
const serviceTime = () => new Date(clock.serviceStart + (Date.now() - clock.start) * Number(pace));
const amzDate = () => serviceTime().toISOString().replace(/[:-]|\.\d+/g, '');

interface Signed { path: string; body: string; headers: { [name: string]: string } }

function signed(operation: string, input: object): Signed {
  const body = JSON.stringify(input);
  const path = `/${operation}`;
  const unsigned = { 'content-type': 'application/json', 'x-amz-date': amzDate() };
  const { headers } = sign(
    { method: 'POST', path, host, service: 'ivschat', region: 'us-west-2', body, headers: unsigned },
    { accessKeyId, secretAccessKey },
  );
  return { path, body, headers: headers as { [name: string]: string } };
}

function send({ path, body, headers }: Signed): Promise<any> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
        if (response.statusCode! >= 300) reject(new Error(`${response.statusCode} ${text}`));
        else resolve(text && JSON.parse(text));
      });
    });
    request.on('error', reject).end(body);
  });
}
const call = (operation: string, input: object) => send(signed(operation, input));

/**
 * Opens a connection without a WebSocket library, because counting frames must not take more time than sending them.
 */
async function open(roomIdentifier: string, userId: string, onFrames: (count: number) => void): Promise<Socket> {
  const { token } = await call('CreateChatToken', { roomIdentifier, userId, capabilities: ['SEND_MESSAGE'] });
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  socket.write([
    'GET / HTTP/1.1', `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', `Sec-WebSocket-Protocol: ${token}`, '', '',
  ].join('\r\n'));
  await new Promise<void>((resolve, reject) => {
    socket.once('data', (head) => {
      if (String(head).startsWith('HTTP/1.1 101')) resolve();
      else reject(new Error(String(head)));
    });
    socket.once('error', reject);
  });
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0, frames = 0;
    for (;;) {
      const short = bytes[at + 1];
      if (short === undefined || (short === 126 && bytes.length - at < 4)) break;
      const end = at + (short < 126 ? 2 + short : 4 + bytes.readUInt16BE(at + 2));
      if (end > bytes.length) break;
      if (bytes[at] === 0x81) {
        // An error frame is not a delivery.
        if (bytes.subarray(at, at + 30).includes('ERROR')) throw new Error(bytes.toString('utf8', at + 2, end));
        frames++;
      } else if (bytes[at] === 0x89) { // a ping
        socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
      }
      at = end;
    }
    rest = at === bytes.length ? Buffer.alloc(0) : bytes.subarray(at);
    if (frames) onFrames(frames);
  });
  return socket;
}

function message(text: string): Buffer {
  const RequestId = '0c8c2c9e-6f57-4f4b-8a55-0f2f0a1d6c11';
  const payload = Buffer.from(JSON.stringify({ Action: 'SEND_MESSAGE', Content: text, RequestId }));
  const { length } = payload;
  const size = length < 126 ? [0x80 + length] : [0xfe, length / 256, length % 256];
  return Buffer.concat([Buffer.from([0x81, ...size]), Buffer.alloc(4), payload]); // masked with zeros
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function requests(seconds: number) {
  const { arn } = await call('CreateRoom', {});
  const kinds = [
    signed('GetRoom', { identifier: arn }),
    signed('CreateChatToken', { roomIdentifier: arn, userId: 'u' }),
    signed('SendEvent', { roomIdentifier: arn, eventName: 'e' }),
  ];
  const times: number[] = [];
  const loop = async (end: number, record: boolean) => {
    for (let i = 0; performance.now() < end; i++) {
      const start = performance.now();
      await send(kinds[i % kinds.length]!);
      if (record) times.push(performance.now() - start);
    }
  };
  const during = (span: number, record: boolean) =>
    Promise.all(Array.from({ length: 16 }, () => loop(performance.now() + span, record)));
  await during(1000, false);
  await during(seconds * 1000, true);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!;
  return { 'requests/s': times.length / seconds, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': times.at(-1)! };
}

/**
 * Sends messages as fast as the service delivers them. Each sender of a room has one message in flight. When the first
 * user of the room receives messages, the senders send the same number again. Therefore, no connection falls so far
 * behind that the service closes it.
 */
async function rooms(roomCount: number, userCount: number, senderCount: number, seconds: number) {
  const frame = message('Twenty or thirty characters.');
  let sent = 0, received = 0, sending = false;
  const starts: (() => void)[] = [];
  const arns: string[] = [];
  for (let room = 0; room < roomCount; room++) {
    const { arn } = await call('CreateRoom', { maximumMessageRatePerSecond: 100 });
    arns.push(arn);
    const users: Socket[] = [];
    let turn = 0;
    const say = (count: number) => {
      for (; sending && count > 0; count--, sent++) users[turn++ % senderCount]!.write(frame);
    };
    const paces = (count: number) => {
      received += count;
      say(count);
    };
    const counts = (count: number) => {
      received += count;
    };
    for (let first = 0; first < userCount; first += 50) {
      const opening = Array.from({ length: Math.min(50, userCount - first) }, (_, i) =>
        open(arn, `u${first + i}`, first + i === 0 ? paces : counts));
      users.push(...await Promise.all(opening));
    }
    starts.push(() => say(senderCount));
  }
  sending = true;
  const start = performance.now();
  for (const begin of starts) begin();
  await wait(seconds * 1000);
  sending = false;
  const expected = sent * userCount;
  const deadline = performance.now() + 30_000;
  while (received < expected && performance.now() < deadline) await wait(5);
  const took = (performance.now() - start) / 1000;
  for (const identifier of arns) await call('DeleteRoom', { identifier });
  return { sent, received, 'of expected': received / expected, 'seconds': took, 'deliveries/s': received / took };
}

async function idle(count: number) {
  let gone = 0;
  const { arn } = await call('CreateRoom', {});
  for (let first = 0; first < count; first += 200) {
    await Promise.all(Array.from({ length: Math.min(200, count - first) }, async (_, i) => {
      (await open(arn, `u${first + i}`, () => {})).on('close', () => gone++);
    }));
  }
  process.send!({ connected: count });
  await new Promise((resolve) => process.once('message', resolve));
  return { gone };
}

const modes: { [mode: string]: (...numbers: number[]) => Promise<object> } = { requests, rooms, idle } as any;
async function main() {
  const { headers } = await fetch(controlPlane);
  Object.assign(clock, { start: Date.now(), serviceStart: Date.parse(headers.get('date')!) });
  return modes[mode]!(...numbers.map(Number));
}

void main().then((found) => process.send!(found, () => process.exit(0)), (error) => {
  console.error(error);
  process.exit(1);
});
