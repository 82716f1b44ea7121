/** A message review function that allows each message. */
import { allow, reviewMessage } from '../../../lambda/runtime/review-message';

const review = reviewMessage(() => allow(), { onError: 'DENY' });

export async function handler(event: any) {
  const message = { Content: event.body, MessageId: 'A', RoomArn: '', Sender: { UserId: 'u', Ip: '' } };
  return { statusCode: 200, body: JSON.stringify(await review(message)) };
}
