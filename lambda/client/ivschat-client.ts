import { BasicClient } from './basic-client';
import type { Command } from './command';
import { logged } from './log';
import type { HttpHandlerOptions, MetadataBearer } from '../http/types';

/** Receives the error or the output of a command. */
type Callback<Output> = (error: any, output?: Output) => void;

/**
 * A client for the Amazon IVS Chat control plane: a drop-in replacement for the class in `@aws-sdk/client-ivschat`.
 *
 * @example
 * const client = new IvschatClient({ region: 'us-west-2' });
 * const { token } = await client.send(new CreateChatTokenCommand({ roomIdentifier: room, userId: 'ada' }));
 */
export class IvschatClient extends BasicClient {
  /**
   * Sends a command and returns its output.
   *
   * @throws IvschatServiceException, or one of its subclasses, if the service responds with an error.
   * @throws ValidationException without a request if the input is not valid.
   * @throws AmbiguousOutcomeError if the outcome of a command that must not be repeated is not known.
   * @throws TimeoutError, AbortError, or the error of the connection.
   */
  override send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options?: HttpHandlerOptions,
  ): Promise<Output>;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, callback: Callback<Output>,
  ): void;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options: HttpHandlerOptions, callback: Callback<Output>,
  ): void;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>,
    optionsOrCallback?: HttpHandlerOptions | Callback<Output>,
    lastCallback?: Callback<Output>,
  ): Promise<Output> | void {
    const [options, callback] = typeof optionsOrCallback === 'function'
      ? [{}, optionsOrCallback]
      : [optionsOrCallback ?? {}, lastCallback];
    const { logger } = this.config;
    const call = super.send(command, options);
    const output = (logger ? logged(logger, command, call) : call) as Promise<Output>;
    if (!callback) return output;

    // The callback runs outside of the promise, so that the application sees an error of its callback.
    output.then(
      (value) => queueMicrotask(() => callback(null, value)),
      (error) => queueMicrotask(() => callback(error)),
    );
  }

  /** Closes the open connections. Calls in progress fail. */
  destroy(): void {
    this.config.requestHandler.destroy?.();
  }
}
