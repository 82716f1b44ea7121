import { BasicClient } from './basic-client';
import { mixedPackages, type Command, type ForeignCommand } from './command';
import { logged } from './log';
import { MiddlewareStack } from './middleware-stack';
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
  /** The middleware of tracers, such as `captureAWSv3Client` of AWS X-Ray. */
  readonly middlewareStack = new MiddlewareStack();

  /**
   * Sends a command and returns its output.
   *
   * @throws IvschatServiceException, or one of its subclasses, if the service responds with an error.
   * @throws ValidationException without a request if the input is not valid.
   * @throws AmbiguousOutcomeError if the outcome of a command that must not be repeated is not known.
   * @throws TypeError if the command is of another package, such as `@aws-sdk/client-ivschat`.
   * @throws TimeoutError, AbortError, or the error of the connection.
   */
  override send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options?: HttpHandlerOptions,
  ): Promise<Output>;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, callback: Callback<Output>,
  ): void;
  /** Throws a TypeError. The types of tools, such as aws-sdk-client-mock, require this overload. */
  send(command: ForeignCommand, ...options: any[]): never;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options: HttpHandlerOptions, callback: Callback<Output>,
  ): void;
  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output> | ForeignCommand,
    optionsOrCallback?: HttpHandlerOptions | Callback<Output>,
    lastCallback?: Callback<Output>,
  ): Promise<Output> | void {
    const [options, callback] = typeof optionsOrCallback === 'function'
      ? [{}, optionsOrCallback]
      : [optionsOrCallback ?? {}, lastCallback];
    if (!command.operation) throw mixedPackages();

    const headers = {};
    const handler = this.middlewareStack.resolve(async ({ input }) => ({
      output: await super.send(Object.assign(Object.create(command), { input }), { ...options, headers }),
      response: {},
    }), { clientName: 'IvschatClient', commandName: `${command.operation.name}Command` });
    const call = handler({ input: command.input, request: { headers } }).then(({ output }) => output);

    const { logger } = this.config;
    const result: Promise<Output> = logger ? logged(logger, command, call) as any : call;
    if (!callback) return result;

    // The callback runs outside of the promise, so that the application sees an error of its callback.
    const settle = (...values: [any, Output?]) => queueMicrotask(() => callback(...values));
    result.then((output) => settle(null, output), (error) => settle(error));
  }

  /** Closes the open connections. Calls in progress fail. */
  destroy(): void {
    this.config.requestHandler.destroy?.();
  }
}
