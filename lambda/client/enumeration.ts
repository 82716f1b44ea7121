import type { StringShape } from '../../src/contract/shape';

/** An object with the values of an enum as names and values. */
export type Enumeration<Value extends string> = { readonly [Name in Value]: Name };

export function enumeration<Value extends string>({ values }: Pick<StringShape, 'values'>): Enumeration<Value> {
  return Object.fromEntries(values!.map((value) => [value, value])) as Enumeration<Value>;
}
