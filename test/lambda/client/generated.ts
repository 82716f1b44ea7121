/** Arbitraries of the values that a shape of the service model allows. */
import * as fc from 'fast-check';
import { check } from '../../../src/contract/check';
import { LambdaArn } from '../../../src/contract/generated/constraints';
import * as operations from '../../../src/contract/generated/operations';
import type { Shape, StringShape } from '../../../src/contract/shape';

/** Returns the number of cases. The long form has more, and the run for a mutant has fewer. */
export function runs(usual: number, long: number): number {
  if (process.env.LONG_TESTS) return long;
  return process.env.STRYKER_MUTATOR_WORKER ? Math.ceil(usual / 20) : usual;
}

/** Text with characters that need an encoding: separators, percent signs, quotes, controls, accents and emoji. */
const awkwardText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'abcXYZ019-_.~', ...'/%+&=?# "\'!()*\\<>:;,'),
    fc.constantFrom('\n', '\u0000', 'é', 'ß', '漢', '😀', '\u2028', '\u0301'),
    fc.constantFrom('a', 'b', 'c'),
  ),
});

const lambdaArn = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^arn:aws:lambda:[a-z0-9-]{3,12}:[0-9]{12}:function:[a-zA-Z0-9:_$-]{1,40}$/),
);

function textOf(shape: StringShape, minimum: number, maximum: number): fc.Arbitrary<string> {
  if (shape === LambdaArn) return lambdaArn;
  return shape.pattern ? patternText(shape.pattern, minimum, maximum) : awkwardText;
}

export function valid(shape: Shape): fc.Arbitrary<any> {
  switch (shape.type) {
    case 'string': {
      const { minimum = 0, maximum = 40, values } = shape;
      if (values) return fc.constantFrom(...values);
      return textOf(shape, minimum, maximum)
        .map((value) => [...value].slice(0, maximum).join('').padEnd(minimum, 'x'));
    }
    case 'integer':
      return fc.integer({ min: shape.minimum, max: shape.maximum });
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    case 'list':
      return fc.array(valid(shape.member), { minLength: shape.minimum, maxLength: Math.min(shape.maximum ?? 5, 5) });
    case 'map':
      return fc.dictionary(
        valid(shape.key),
        valid(shape.value).map((text) => text.slice(0, 60)),
        { maxKeys: 5, noNullPrototype: true },
      );
    case 'structure': {
      const members = Object.entries(shape.members)
        .map(([member, memberShape]): [string, fc.Arbitrary<any>] => [member, valid(memberShape)]);
      if (shape.union) return fc.oneof(...members.map(([member, value]) => fc.record({ [member]: value })));

      const requiredKeys = shape.required as string[] ?? [];
      return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
    }
  }
}

function patternText(pattern: RegExp, minimum: number, maximum: number): fc.Arbitrary<string> {
  const { source } = pattern;
  const endsWithRepeatedClass = /\[[^\]]*\][+*]\$?$/.test(source);
  if (!endsWithRepeatedClass || source.includes('arn:')) return fc.stringMatching(pattern);

  const bounded = source.replace(/([*+])(?=\$|$)/, `{${minimum},${Math.min(maximum, 40)}}`);
  return fc.stringMatching(new RegExp(bounded));
}

/** Inputs that the service accepts. */
export function validInput(operation: keyof typeof operations): fc.Arbitrary<any> {
  const shape = operations[operation].input;
  return valid(shape).filter((input) => check(shape, input).length === 0);
}

/** Bodies of responses of the service. */
export function validBody(operation: keyof typeof operations): fc.Arbitrary<any> {
  const shape = operations[operation].output;
  return shape ? valid(shape) : fc.constant({});
}
