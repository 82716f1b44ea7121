/** Values that a shape of the service model allows. */
import * as fc from 'fast-check';
import { check } from '../../../src/contract/check';
import { LambdaArn } from '../../../src/contract/generated/constraints';
import * as operations from '../../../src/contract/generated/operations';
import type { Shape } from '../../../src/contract/shape';

/** How many cases there are: in the long form more, and few for each mutant. */
export function runs(usual: number, long: number): number {
  return process.env.LONG_TESTS ? long : process.env.STRYKER_MUTATOR_WORKER ? Math.ceil(usual / 20) : usual;
}

/** Text with what encodings get wrong: separators, percent signs, quotes, controls, accents, emoji. */
const awkwardText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'abcXYZ019-_.~', ...'/%+&=?# "\'!()*\\<>:;,', '\n', '\u0000', 'é', 'ß', '漢', '😀', '\u2028', '\u0301'),
    fc.constantFrom('a', 'b', 'c'),
  ),
});

const lambdaArn = fc.oneof(fc.constant(''), fc.stringMatching(/^arn:aws:lambda:[a-z0-9-]{3,12}:[0-9]{12}:function:[a-zA-Z0-9:_$-]{1,40}$/));

export function valid(shape: Shape): fc.Arbitrary<any> {
  switch (shape.type) {
    case 'string': {
      const { minimum = 0, maximum = 40, pattern, values } = shape;
      if (values) return fc.constantFrom(...values);
      const text = (shape === LambdaArn ? lambdaArn : pattern ? patternText(pattern, minimum, maximum) : awkwardText);
      return text.map((value) => [...value].slice(0, maximum).join('').padEnd(minimum, 'x'));
    }
    case 'integer':
      return fc.integer({ min: shape.minimum, max: shape.maximum });
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
    case 'list':
      return fc.array(valid(shape.member), { minLength: shape.minimum, maxLength: Math.min(shape.maximum ?? 5, 5) });
    case 'map':
      return fc.dictionary(valid(shape.key), valid(shape.value).map((text) => text.slice(0, 60)), { maxKeys: 5, noNullPrototype: true });
    case 'structure': {
      const members = Object.fromEntries(Object.entries(shape.members).map(([member, memberShape]) => [member, valid(memberShape)]));
      if (shape.union) return fc.oneof(...Object.entries(members).map(([member, value]) => fc.record({ [member]: value })));
      return fc.record(members, { requiredKeys: shape.required as string[] ?? [], noNullPrototype: true });
    }
  }
}

function patternText(pattern: RegExp, minimum: number, maximum: number): fc.Arbitrary<string> {
  const bounded = pattern.source.replace(/([*+])(?=\$|$)/, `{${minimum},${Math.min(maximum, 40)}}`);
  return fc.stringMatching(/\+|\*/.test(pattern.source) && /\[[^\]]*\][+*]\$?$/.test(pattern.source) && !pattern.source.includes('arn:')
    ? new RegExp(bounded) : pattern);
}

/** Inputs that the service would accept. */
export function validInput(operation: keyof typeof operations): fc.Arbitrary<any> {
  const shape = operations[operation].input;
  return valid(shape).filter((input) => check(shape, input).length === 0);
}

/** Bodies that the service may answer with. */
export function validBody(operation: keyof typeof operations): fc.Arbitrary<any> {
  const shape = operations[operation].output;
  return shape ? valid(shape) : fc.constant({});
}
