import { CreateChatTokenCommand, IvschatClient } from '../../../lambda/client';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const client = new IvschatClient({ region: REGION, endpoint: ENDPOINT, credentials: CREDENTIALS });

void measure(() => client.send(new CreateChatTokenCommand(INPUT as any)));
