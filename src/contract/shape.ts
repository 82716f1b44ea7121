/** The kinds of value that the service model knows, as data. Members are named after the model's own traits. */
export type Shape = StringShape | IntegerShape | TimestampShape | ListShape | MapShape | StructureShape;

interface Traits {
  /** Never shown in an error or a log (the model's `sensitive` trait). */
  readonly sensitive?: boolean;
}

/** The model's `length` and `range` traits: what is counted depends on the type. */
export interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Its limits are of Unicode code points. */
export interface StringShape extends Traits, Limits {
  readonly type: 'string';
  readonly pattern?: RegExp;
  /** What the pattern means, for people. */
  readonly patternDescription?: string;
  readonly values?: readonly string[];
}

export interface IntegerShape extends Traits, Limits {
  readonly type: 'integer';
}

/** ISO 8601 text on the wire. */
export interface TimestampShape extends Traits {
  readonly type: 'timestamp';
}

/** Its limits are of items. */
export interface ListShape extends Traits, Limits {
  readonly type: 'list';
  readonly member: Shape;
}

/** Its limits are of entries. */
export interface MapShape extends Traits, Limits {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: StringShape;
  /** UTF-8 bytes of all keys and values together; the model says it only in prose. */
  readonly maximumBytes?: number;
}

export interface StructureShape extends Traits {
  readonly type: 'structure';
  readonly members: { readonly [member: string]: Shape };
  readonly required?: readonly string[];
  /** Exactly one member is set. */
  readonly union?: boolean;
}
