/** An error of an AWS service, independent of the wire format. */
export class ServiceError extends Error {
  /** @param members The members of the error in the service model, in addition to the message. */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly members: { readonly [member: string]: unknown } = {},
  ) {
    super(message);
    this.name = code;
  }
}
