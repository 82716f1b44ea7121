import { PackageError } from '../http/errors';
import type { HttpResponse, ResponseMetadata } from '../http/types';

/** The options of an exception. */
export interface ServiceExceptionOptions {
  name: string;
  $fault: 'client' | 'server';
  message?: string;
  $metadata: ResponseMetadata;
}

type ExceptionOptions<Exception> =
  { message: string; $metadata: ResponseMetadata } & Omit<Exception, keyof IvschatServiceException>;

/**
 * An error response of the service. An error that the service model does not define has this class and the name from
 * the response.
 */
export class IvschatServiceException extends PackageError {
  static override readonly $ivschat: string = 'IvschatServiceException';
  /** Whether the client or the server caused the error. */
  declare readonly $fault: 'client' | 'server';
  declare readonly $metadata: ResponseMetadata;
  /** The response of the service. It is not enumerable, so that loggers do not print it. */
  declare readonly $response?: HttpResponse;
  /** Set if another attempt can succeed. */
  readonly $retryable?: { readonly throttling?: boolean };

  constructor({ name, message, ...members }: ServiceExceptionOptions) {
    super(message);
    this.name = name;
    for (const [member, value] of Object.entries(members)) {
      // Members of a response named `stack` or `__proto__` must not replace those of the error.
      if (!(member in this)) (this as any)[member] = value;
    }
  }
}

/** The exception classes of the service model by name. */
export const modeledExceptions: Record<string, new (options: any) => IvschatServiceException> = Object.create(null);

/** Creates the class of an error of the service model. Its name survives minification. */
export function modeled<Exception extends IvschatServiceException>(
  name: string, $fault: 'client' | 'server' = 'client',
) {
  return modeledExceptions[name] = {
    [name]: class extends IvschatServiceException {
      static override readonly $ivschat = name;
      constructor(options: Omit<ServiceExceptionOptions, 'name' | '$fault'>) {
        super({ ...options, name, $fault });
      }
    },
  }[name] as unknown as new (options: ExceptionOptions<Exception>) => Exception;
}
