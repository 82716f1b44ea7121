/** The kinds of value that the service model knows, as data. Members are named after the model's own traits. */
export type Shape = StringShape | IntegerShape | TimestampShape | ListShape | MapShape | StructureShape;

interface Traits {
  /** Never shown in an error or a log (the model's `sensitive` trait). */
  readonly sensitive?: boolean;
}

export interface StringShape extends Traits {
  readonly type: 'string';
  /** In Unicode code points. */
  readonly minimumLength?: number;
  /** In Unicode code points. */
  readonly maximumLength?: number;
  readonly pattern?: RegExp;
  /** What the pattern means, for people. */
  readonly patternDescription?: string;
  readonly values?: readonly string[];
}

export interface IntegerShape extends Traits {
  readonly type: 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
}

/** ISO 8601 text on the wire. */
export interface TimestampShape extends Traits {
  readonly type: 'timestamp';
}

export interface ListShape extends Traits {
  readonly type: 'list';
  readonly member: Shape;
  readonly minimumLength?: number;
  readonly maximumLength?: number;
}

export interface MapShape extends Traits {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: StringShape;
  readonly maximumLength?: number;
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
