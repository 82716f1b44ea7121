/** Answers CreateChatToken with a constant response. The server does as little work as possible. It prints its port. */
import { createServer } from 'node:net';

const body = JSON.stringify({
  token: 'A'.repeat(300),
  tokenExpirationTime: '2026-01-01T00:01:00.000Z',
  sessionExpirationTime: '2026-01-01T01:00:00.000Z',
});
const answer = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: ' + new Date().toUTCString()
  + `\r\nx-amzn-requestid: b5a0c5a7-9a3f-4c7e-8f52-1f2d3c4b5a69\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

const server = createServer((socket) => {
  let pending = '';
  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    pending += chunk;
    for (;;) {
      const head = pending.indexOf('\r\n\r\n');
      if (head < 0) return;
      const chunked = /\r\ntransfer-encoding: chunked/i.test(pending.slice(0, head));
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(pending)?.[1] ?? 0);
      const end = chunked ? pending.indexOf('0\r\n\r\n', head) + 5 : head + 4 + length;
      if (end < head + 4 || pending.length < end) return;
      pending = pending.slice(end);
      socket.write(answer);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
