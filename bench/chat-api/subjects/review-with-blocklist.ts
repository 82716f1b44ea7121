/** A message review function with the blocklist. */
import { createBlocklist } from '../../../lambda/blocklist';
import { allow, deny, reviewMessage } from '../../../lambda/runtime/review-message';

const blocklist = createBlocklist();
const review = reviewMessage(({ Content }) => (blocklist.matches(Content) ? deny() : allow()), { onError: 'DENY' });

export async function handler(event: any) {
  const message = { Content: event.body, MessageId: 'A', RoomArn: '', Sender: { UserId: 'u', Ip: '' } };
  return { statusCode: 200, body: JSON.stringify(await review(message)) };
}
