import type { Operation } from '../../src/contract/operation';
import type { AttemptError } from '../http/retry';
import type { MetadataBearer } from '../http/types';

/** Returns the error of a sent attempt that must not be repeated, or undefined if it can be repeated. */
export type AmbiguousOutcome = (operation: Operation, error: AttemptError) => Error | undefined;

/** A command for {@link IvschatClient.send}: one call of an operation. */
export abstract class Command<Input extends object, Output extends MetadataBearer> {
  /** @internal */
  abstract readonly operation: Operation;
  /** @internal */
  abstract readonly ambiguousOutcome: AmbiguousOutcome | undefined;
  readonly input: Input;
  /** @internal for type inference only */
  declare readonly output?: Output;
  /** @internal for the types of tools only. Commands have no middleware. */
  declare readonly middlewareStack: never;

  constructor(...[input]: Partial<Input> extends Input ? [] | [Input] : [Input]) {
    this.input = input ?? ({} as Input);
  }

  /** @internal called by a client of the AWS SDK. Tools infer the output from the type. */
  resolveMiddleware(..._: any[]): (args: any) => Promise<{ response: unknown; output: Output }> {
    throw mixedPackages();
  }
}

/** A command of another package, such as `@aws-sdk/client-ivschat`. */
export interface ForeignCommand {
  readonly input: any;
  readonly middlewareStack: any;
  readonly operation?: undefined;
  readonly resolveMiddleware: (...args: any[]) => any;
}

type CommandClass<Input extends object, Output extends MetadataBearer> =
  new (...input: Partial<Input> extends Input ? [] | [Input] : [Input]) => Command<Input, Output>;

/** Creates the command class of an operation. Its name survives minification. */
export function command<Input extends object, Output extends MetadataBearer>(
  operation: Operation, ambiguousOutcome?: AmbiguousOutcome,
): CommandClass<Input, Output> {
  const name = `${operation.name}Command`;
  return {
    [name]: class extends Command<Input, Output> {
      get operation() { return operation; }
      get ambiguousOutcome() { return ambiguousOutcome; }
    },
  }[name]!;
}

/** Returns the error for a client and a command of different packages. */
export const mixedPackages = () =>
  new TypeError('the client and the command are of different packages: import both from cdk-ivs-chat/client');
