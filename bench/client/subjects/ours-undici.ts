/** The client with the request handler for undici of the AWS SDK. */
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { CreateChatTokenCommand, IvschatClient } from '../../../lambda/client';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const requestHandler = new UndiciHttpHandler();
const client = new IvschatClient({ region: REGION, endpoint: ENDPOINT, credentials: CREDENTIALS, requestHandler });

void measure(() => client.send(new CreateChatTokenCommand(INPUT as any)));
