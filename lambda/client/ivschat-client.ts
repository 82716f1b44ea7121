import { callsOf, type Call } from './call';
import type { Command } from './commands';
import { resolveConfig, type IvschatClientConfig, type IvschatClientResolvedConfig } from './config';
import { logged } from './log';
import type { HttpHandlerOptions, MetadataBearer } from './types';

/**
 * The client of the IVS Chat control plane: a drop-in for the class of the same name in `@aws-sdk/client-ivschat`.
 *
 * @example
 * const client = new IvschatClient({ region: 'us-west-2' });
 * const { token } = await client.send(new CreateChatTokenCommand({ roomIdentifier: room, userId: 'ada' }));
 */
export class IvschatClient {
  readonly config: IvschatClientResolvedConfig;
  readonly #call: Call;

  constructor(...[config]: [] | [IvschatClientConfig]) {
    this.config = resolveConfig(config ?? {});
    this.#call = callsOf(this.config);
  }

  /**
   * Sends a command and gives its output.
   *
   * @throws IvschatServiceException (one of its subclasses where the service's model has one) when the service refuses or fails;
   * ValidationException without any request when the input breaks a rule; AmbiguousOutcomeError when it is not known what became
   * of a command that must not be repeated; TimeoutError; AbortError; or what the connection failed with.
   */
  send<Input extends object, Output extends MetadataBearer>(command: Command<Input, Output>, options?: HttpHandlerOptions): Promise<Output>;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, callback: (error: any, output?: Output) => void): void;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options: HttpHandlerOptions, callback: (error: any, output?: Output) => void): void;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>,
    optionsOrCallback?: HttpHandlerOptions | ((error: any, output?: Output) => void),
    callback?: (error: any, output?: Output) => void,
  ): Promise<Output> | void {
    const [options, done] = typeof optionsOrCallback === 'function' ? [{}, optionsOrCallback] : [optionsOrCallback ?? {}, callback];
    const { operation, input } = command;
    const { logger } = this.config;
    const call = this.#call(operation, input, options);
    const output = (logger ? logged(logger, operation, input, call) : call) as Promise<Output>;
    if (!done) return output;
    // Outside the promise, so that what the callback throws is the application's to see.
    output.then((value) => queueMicrotask(() => done(null, value)), (error) => queueMicrotask(() => done(error)));
  }

  /** Ends the connections that are kept. Calls that still run fail. */
  destroy(): void {
    this.config.requestHandler.destroy?.();
  }
}
