/** An attempt or the whole call exceeded its maximum duration. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The response was longer than `maximumResponseBytes`. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}
