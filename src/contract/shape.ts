/** A type of the service model, as data. The members have the names of the traits in the model. */
export type Shape = StringShape | IntegerShape | TimestampShape | ListShape | MapShape | StructureShape;

interface Traits {
  /** Whether errors and logs must not contain the value (the `sensitive` trait of the model). */
  readonly sensitive?: boolean;
}

/** The limits of a value (the `length` and `range` traits of the model). */
export interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A string. The limits apply to the number of Unicode code points. */
export interface StringShape extends Traits, Limits {
  readonly type: 'string';
  readonly pattern?: RegExp;
  /** The rule of the pattern in words, to follow "must", for example `contain only letters`. */
  readonly patternDescription?: string;
  readonly values?: readonly string[];
}

/** An integer. The limits apply to its value. */
export interface IntegerShape extends Traits, Limits {
  readonly type: 'integer';
}

/** A time. Requests and responses contain it as ISO 8601 text. */
export interface TimestampShape extends Traits {
  readonly type: 'timestamp';
}

/** A list. The limits apply to the number of items. */
export interface ListShape extends Traits, Limits {
  readonly type: 'list';
  readonly member: Shape;
}

/** A map. The limits apply to the number of entries. */
export interface MapShape extends Traits, Limits {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: StringShape;
  /** The maximum number of UTF-8 bytes of all keys and values together. */
  readonly maximumBytes?: number;
}

/** A structure. Members that are not required can be absent. */
export interface StructureShape extends Traits {
  readonly type: 'structure';
  readonly members: { readonly [member: string]: Shape };
  readonly required?: readonly string[];
  /** Whether exactly one member must be set. */
  readonly union?: boolean;
}

// Generated tables call the functions below instead of repeating the names of the members, because that is shorter in
// bundles.

export function text(minimum: number, maximum?: number, pattern?: RegExp, patternDescription?: string): StringShape {
  return { type: 'string', minimum, maximum, pattern, patternDescription };
}

export function oneOf(...values: readonly string[]): StringShape {
  return { type: 'string', values };
}

export function integer(minimum?: number, maximum?: number): IntegerShape {
  return { type: 'integer', minimum, maximum };
}

export function structure(members: StructureShape['members'], required?: readonly string[]): StructureShape {
  return { type: 'structure', members, required };
}
