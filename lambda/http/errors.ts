/**
 * An error of this package.
 *
 * `require`, `import` and `cdk-ivs-chat/runtime` load copies of the classes. `instanceof` compares their types, so an
 * error of one copy is an instance of the class of another copy.
 */
export class PackageError extends Error {
  /** The name of the class, which is the same in all copies. */
  declare static readonly $ivschat: string;

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.$ivschat;
    // JSON.stringify includes the message, as in the AWS SDK.
    Object.defineProperty(this, 'message', { value: this.message, enumerable: true });
  }

  static [Symbol.hasInstance](value: any): boolean {
    // A class of the application inherits the name of its parent, but it is another class.
    if (!Object.hasOwn(this, '$ivschat')) return super[Symbol.hasInstance](value);
    for (let found = value?.constructor; found; found = Object.getPrototypeOf(found)) {
      if (found.$ivschat === this.$ivschat) return true;
    }
    return false;
  }
}

/** An attempt or the whole call exceeded its maximum duration. */
export class TimeoutError extends PackageError {
  static override readonly $ivschat = 'TimeoutError';
  declare readonly name: 'TimeoutError';
}

/** The response was longer than `maximumResponseBytes`. */
export class ResponseTooLargeError extends PackageError {
  static override readonly $ivschat = 'ResponseTooLargeError';
  declare readonly name: 'ResponseTooLargeError';

  constructor(maximumBytes: number) {
    super(`the response is longer than ${maximumBytes} bytes (maximumResponseBytes)`);
  }
}
