/** An error of the control plane: the HTTP status, the fault, and the members in addition to the message. */
export interface ServiceError {
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly members: readonly string[];
}
