/** A value of an attribute. The tables of this package have no other types. */
export type Value = string | number | boolean;

/** The attributes of an item or of a key, and the values of an expression. Undefined values are omitted. */
export interface Attributes {
  readonly [name: string]: Value | undefined;
}

/** A value in the format of DynamoDB. */
type AttributeValue = { S: string } | { N: string } | { BOOL: boolean };

/** Converts attributes to the format of DynamoDB. */
export function toAttributeValues(attributes: Attributes): Record<string, AttributeValue> {
  const given = Object.entries(attributes).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, toAttributeValue(value)]));
}

function toAttributeValue(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { BOOL: value };
}

/** Converts attributes from the format of DynamoDB. Attributes of other types are omitted. */
export function fromAttributeValues(attributeValues: object): Attributes {
  return Object.fromEntries(Object.entries(attributeValues).flatMap(([name, { S, N, BOOL = S }]) => {
    const value = N === undefined ? BOOL : Number(N);
    return value === undefined ? [] : [[name, value]];
  }));
}
