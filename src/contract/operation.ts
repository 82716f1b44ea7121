import type { StructureShape } from './shape';

/** An operation of the control plane: the HTTP request, the input and the output. */
export interface Operation {
  readonly name: string;
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** The path of the request. `{member}` stands for the percent-encoded input member. */
  readonly path: string;
  /** The input member that is sent as a repeated query parameter of the same name. */
  readonly query?: string;
  /** The HTTP status of success. */
  readonly status: 200 | 204;
  readonly input: StructureShape;
  /** The members of the response, or undefined if the response has none. */
  readonly output?: StructureShape;
  /** Whether a repeated request has the same effect as one request, so that a client can retry it. */
  readonly idempotent: boolean;
}

/** Returns an operation with the usual values. `rest` overrides them. */
export function operation(
  name: string, input: StructureShape, output?: StructureShape, rest?: Partial<Operation>,
): Operation {
  return { name, method: 'POST', path: `/${name}`, status: 200, idempotent: true, input, output, ...rest };
}
