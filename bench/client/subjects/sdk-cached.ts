/** The AWS SDK with the handlers of its middleware kept between calls. */
import { CreateChatTokenCommand, IvschatClient } from '@aws-sdk/client-ivschat';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const client = new IvschatClient({
  region: REGION, endpoint: ENDPOINT, credentials: CREDENTIALS, cacheMiddleware: true,
});

void measure(() => client.send(new CreateChatTokenCommand(INPUT as any)));
