/** Calls the next middleware or sends the command. `args` has the input and the headers to add to the requests. */
type Handler = (args: any) => Promise<{ response: any; output: any }>;

/** A middleware of the AWS SDK. */
export type Middleware = (next: any, context: any) => (args: any) => Promise<any>;

/** The options of a middleware. */
export interface MiddlewareOptions {
  /** The step: initialize, serialize, build, finalizeRequest or deserialize. @default initialize */
  step?: string;
  /** The name, with which it can be removed. */
  name?: string;
  tags?: string[];
  [option: string]: any;
}

type Entry = [middleware: Middleware, options: MiddlewareOptions];

/** The steps in the order of the calls. */
const STEPS = ['initialize', 'serialize', 'build', 'finalizeRequest', 'deserialize'];

/**
 * The middleware of a client, for tracers such as `captureAWSv3Client` of AWS X-Ray and of Powertools for AWS Lambda.
 *
 * Each middleware is called once for each call, around all of its attempts, in the order of the steps. It receives the
 * input and `request.headers`. The headers that it adds are sent, but not signed.
 */
export class MiddlewareStack {
  #entries: Entry[] = [];

  /** Adds a middleware. It replaces a middleware of the same name. */
  add(middleware: Middleware, options: MiddlewareOptions = {}): void {
    if (options.name) this.remove(options.name);
    this.#entries.push([middleware, options]);
  }

  /** Adds a middleware to the step build, in which middleware sets headers. The stack has no middleware of its own. */
  addRelativeTo(middleware: Middleware, options: MiddlewareOptions): void {
    this.add(middleware, { step: 'build', ...options });
  }

  /** Removes a middleware, or all with a name. Returns whether there was one. */
  remove(removed: string | Middleware): boolean {
    return this.#removeIf(([middleware, { name }]) => middleware === removed || name === removed);
  }

  /** Removes all middleware with a tag. Returns whether there was one. */
  removeByTag(tag: string): boolean {
    return this.#removeIf(([, { tags }]) => tags?.includes(tag));
  }

  /** Lets a plugin add its middleware. */
  use(plugin: { applyToStack: (stack: any) => void }): void {
    plugin.applyToStack(this);
  }

  /** Adds the middleware of this stack to another one. */
  applyToStack(stack: any): void {
    for (const entry of this.#entries) stack.add(...entry);
  }

  /** Returns the names of the middleware. */
  identify(): string[] {
    return this.#entries.map(([, { name }]) => String(name));
  }

  /** Returns false: calls never print the names of the middleware. `identify` returns them. */
  identifyOnResolve(): boolean {
    return false;
  }

  clone(): MiddlewareStack {
    return this.concat();
  }

  /** Returns a stack with the middleware of this stack and then of another one. */
  concat(other?: { applyToStack: (stack: any) => void }): MiddlewareStack {
    const stack = new MiddlewareStack();
    this.applyToStack(stack);
    other?.applyToStack(stack);
    return stack;
  }

  #removeIf(matches: (entry: Entry) => boolean | undefined): boolean {
    const before = this.#entries;
    this.#entries = before.filter((entry) => !matches(entry));
    return this.#entries.length < before.length;
  }

  /** Returns a handler that calls all middleware and then the given handler. */
  resolve(handler: Handler, context: any): Handler {
    return [...this.#entries]
      .sort(([, a], [, b]) => stepOf(a) - stepOf(b))
      .reduceRight((next, [middleware]) => middleware(next, context), handler);
  }
}

const stepOf = ({ step = 'initialize' }: MiddlewareOptions) => STEPS.indexOf(step);
