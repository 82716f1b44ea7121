/**
 * A call of the newest generation of the AWS SDK. It has no IVS Chat on npm yet, so the subject is the client of Amazon
 * IVS, with an input of a similar size, and the handlers of its middleware kept between calls.
 */
import { CreateStreamKeyCommand, IvsClient } from '@aws-sdk/client-ivs';
import { CREDENTIALS, ENDPOINT, INPUT, measure, REGION } from '../measure';

const client = new IvsClient({
  region: REGION, endpoint: ENDPOINT, credentials: CREDENTIALS, cacheMiddleware: true,
});
const input = { channelArn: INPUT.roomIdentifier, tags: { ...INPUT.attributes, userId: INPUT.userId } };

void measure(() => client.send(new CreateStreamKeyCommand(input)));
