import { callsOf, type Call, type CallOptions } from './call';
import type { Command } from './command';
import { resolveConfig, type IvschatClientConfig, type IvschatClientResolvedConfig } from './config';
import type { MetadataBearer } from '../http/types';

/** A client without callbacks and a logger. `cdk-ivs-chat/runtime` uses it, because it is smaller in bundles. */
export class BasicClient {
  readonly config: IvschatClientResolvedConfig;
  readonly #call: Call;

  constructor(...[config]: [] | [IvschatClientConfig]) {
    this.config = resolveConfig(config ?? {});
    this.#call = callsOf(this.config);
  }

  send<Input extends object, Output extends MetadataBearer>(
    command: Command<Input, Output>, options?: CallOptions,
  ): Promise<Output> {
    return this.#call(command, options ?? {}) as Promise<Output>;
  }
}
