import {
  CreateChatTokenCommand, CreateLoggingConfigurationCommand, CreateRoomCommand, DeleteLoggingConfigurationCommand, DeleteMessageCommand,
  DeleteRoomCommand, DisconnectUserCommand, GetLoggingConfigurationCommand, GetRoomCommand, ListLoggingConfigurationsCommand, ListRoomsCommand,
  ListTagsForResourceCommand, SendEventCommand, TagResourceCommand, UntagResourceCommand, UpdateLoggingConfigurationCommand, UpdateRoomCommand,
} from './commands';
import type * as commands from './commands';
import type { IvschatClientConfig } from './config';
import { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions } from './types';

/** The signatures of a method of {@link Ivschat}. */
export interface InvokeMethod<Input, Output> {
  (input: Input, options?: HttpHandlerOptions): Promise<Output>;
  (input: Input, callback: (error: any, output?: Output) => void): void;
  (input: Input, options: HttpHandlerOptions, callback: (error: any, output?: Output) => void): void;
}
export interface InvokeMethodOptionalInput<Input, Output> extends InvokeMethod<Input, Output> {
  (): Promise<Output>;
}
type MethodsOf<Commands> = {
  [Name in keyof Commands & `${string}Command` as Name extends `${infer Operation}Command` ? Uncapitalize<Operation> : never]:
  Commands[Name] extends new (...input: infer Inputs) => { readonly input: infer Input; readonly output?: infer Output }
    ? [] extends Inputs ? InvokeMethodOptionalInput<Input, Exclude<Output, undefined>> : InvokeMethod<Input, Exclude<Output, undefined>>
    : never;
};

/**
 * A client with a method for each operation. A bundle contains all operations; with {@link IvschatClient} only the
 * used ones.
 */
export interface Ivschat extends IvschatClient, MethodsOf<typeof commands> {}
export const Ivschat: new (...[config]: [] | [IvschatClientConfig]) => Ivschat = /* @__PURE__ */ aggregated();

function aggregated() {
  class Ivschat extends IvschatClient {} // eslint-disable-line @typescript-eslint/no-shadow
  const all = [
    CreateChatTokenCommand, CreateLoggingConfigurationCommand, CreateRoomCommand, DeleteLoggingConfigurationCommand, DeleteMessageCommand,
    DeleteRoomCommand, DisconnectUserCommand, GetLoggingConfigurationCommand, GetRoomCommand, ListLoggingConfigurationsCommand,
    ListRoomsCommand, ListTagsForResourceCommand, SendEventCommand, TagResourceCommand, UntagResourceCommand,
    UpdateLoggingConfigurationCommand, UpdateRoomCommand,
  ];
  for (const Command of all as any[]) {
    const { name } = Command.prototype.operation;
    Object.defineProperty(Ivschat.prototype, name[0].toLowerCase() + name.slice(1), {
      configurable: true,
      writable: true,
      value(this: IvschatClient, input: any, ...rest: [any]) { return this.send(new Command(input), ...rest); },
    });
  }
  return Ivschat as any;
}
