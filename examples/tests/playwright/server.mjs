// Serves the chat page with a local IVS Chat and a token function.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { startLocalIvsChat } from 'cdk-ivs-chat/local';

const chat = await startLocalIvsChat();
const { arn: roomIdentifier } = await chat.call('CreateRoom');
const session = new URL(import.meta.resolve('cdk-ivs-chat/session'));

createServer(async (request, response) => {
  if (request.url === '/chat-token') {
    const { userId } = JSON.parse(await text(request)); // in a product, the user of the sign-in
    const capabilities = ['SEND_MESSAGE'];
    const token = await chat.call('CreateChatToken', { roomIdentifier, userId, capabilities });
    response.end(JSON.stringify(token));
  } else if (request.url === '/configuration.json') {
    response.end(JSON.stringify({ endpoint: chat.messaging }));
  } else if (request.url === '/session.mjs') {
    response.setHeader('content-type', 'text/javascript');
    createReadStream(session).pipe(response);
  } else {
    response.setHeader('content-type', 'text/html');
    createReadStream(new URL('page.html', import.meta.url)).pipe(response);
  }
}).listen(4600, '127.0.0.1');
