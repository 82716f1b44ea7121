import type { Operation } from '../../src/contract/operation';
import type { MetadataBearer } from '../http/types';

/** A command for {@link IvschatClient.send}: one call of an operation. */
export abstract class Command<Input extends object, Output extends MetadataBearer> {
  /** @internal */
  abstract readonly operation: Operation;
  readonly input: Input;
  /** @internal for type inference only */
  declare readonly output?: Output;

  constructor(...[input]: Partial<Input> extends Input ? [] | [Input] : [Input]) {
    this.input = input ?? ({} as Input);
  }
}

type CommandClass<Input extends object, Output extends MetadataBearer> =
  new (...input: Partial<Input> extends Input ? [] | [Input] : [Input]) => Command<Input, Output>;

/** Creates the command class of an operation. Its name survives minification. */
export function command<Input extends object, Output extends MetadataBearer>(
  operation: Operation,
): CommandClass<Input, Output> {
  const name = `${operation.name}Command`;
  return {
    [name]: class extends Command<Input, Output> {
      get operation() { return operation; }
    },
  }[name]!;
}
