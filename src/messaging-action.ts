import { TEXT } from './private/expectations';
import { validateArgument, validate } from './private/validate';

/**
 * An action of the messaging API, the dimension of the metrics `Requests` and `Deliveries`.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/chatmsgapireference/actions.html
 */
export class MessagingAction {
  /** A user sends a message. */
  public static readonly SEND_MESSAGE = MessagingAction.of('SEND_MESSAGE');

  /** A moderator deletes a message. */
  public static readonly DELETE_MESSAGE = MessagingAction.of('DELETE_MESSAGE');

  /** A moderator disconnects a user. */
  public static readonly DISCONNECT_USER = MessagingAction.of('DISCONNECT_USER');

  /**
   * Returns an action that this library does not know.
   *
   * @param name The value of the dimension `Action`.
   */
  public static of(name: string): MessagingAction {
    validateArgument('name', name, TEXT);
    validate(undefined, { name: { type: 'string', minimum: 1 } }, { name });
    return new MessagingAction(name);
  }

  private constructor(
    /** The value of the dimension `Action`. */
    public readonly name: string,
  ) {
  }
}
