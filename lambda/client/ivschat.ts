import * as commands from './commands';
import { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions } from './types';

/** The ways to call a method of {@link Ivschat}. */
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

/** The client with a method for each operation. It brings all operations into a bundle; {@link IvschatClient} only those that are used. */
export interface Ivschat extends Omit<MethodsOf<typeof commands>, ''> {}
export class Ivschat extends IvschatClient {
  static {
    for (const [name, Command] of Object.entries(commands) as Array<[string, any]>) {
      if (name === 'Command') continue;
      const method = name[0]!.toLowerCase() + name.slice(1, -'Command'.length);
      Object.defineProperty(this.prototype, method, {
        configurable: true,
        writable: true,
        value(this: IvschatClient, input: any, ...rest: [any]) { return this.send(new Command(input), ...rest); },
      });
    }
  }
}
