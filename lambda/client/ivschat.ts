import type { IvschatClientConfig } from './config';
import { allCommands } from './generated/all-commands';
import type * as commands from './generated/commands';
import { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions } from '../http/types';

/** The signatures of a method of {@link Ivschat}. */
export interface InvokeMethod<Input, Output> {
  (input: Input, options?: HttpHandlerOptions): Promise<Output>;
  (input: Input, callback: (error: any, output?: Output) => void): void;
  (input: Input, options: HttpHandlerOptions, callback: (error: any, output?: Output) => void): void;
}

/** The signatures of a method of {@link Ivschat} for an operation without required members. */
export interface InvokeMethodOptionalInput<Input, Output> extends InvokeMethod<Input, Output> {
  (): Promise<Output>;
}

type MethodName<Name> = Name extends `${infer Operation}Command` ? Uncapitalize<Operation> : never;

type MethodOf<Inputs, Input, Output> =
  [] extends Inputs ? InvokeMethodOptionalInput<Input, Output> : InvokeMethod<Input, Output>;

type CommandClass<Inputs extends any[], Input, Output> =
  new (...input: Inputs) => { readonly input: Input; readonly output?: Output };

type MethodsOf<Commands> = {
  [Name in keyof Commands & `${string}Command` as MethodName<Name>]:
  Commands[Name] extends CommandClass<infer Inputs, infer Input, infer Output>
    ? MethodOf<Inputs, Input, Exclude<Output, undefined>>
    : never;
};

/**
 * A client with a method for each operation. A bundle contains all operations. With {@link IvschatClient}, it contains
 * only the operations that the application uses.
 */
export interface Ivschat extends IvschatClient, MethodsOf<typeof commands> {}
export const Ivschat: new (...[config]: [] | [IvschatClientConfig]) => Ivschat = /* @__PURE__ */ aggregated();

function aggregated() {
  class Ivschat extends IvschatClient {} // eslint-disable-line @typescript-eslint/no-shadow
  for (const Command of allCommands as any[]) {
    const { name } = Command; // CreateRoomCommand becomes createRoom.
    const method = name[0].toLowerCase() + name.slice(1, -7);
    (Ivschat.prototype as any)[method] = function (this: IvschatClient, input: any, ...rest: [any]) {
      return this.send(new Command(input), ...rest);
    };
  }
  return Ivschat as any;
}
