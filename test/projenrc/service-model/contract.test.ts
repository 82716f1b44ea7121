/** Compares the generated contract with the published model, without the code of the generator. */
import { deviations } from '../../../projenrc/service-model/deviations';
import published from '../../../projenrc/service-model/service-model.json';
import * as constraints from '../../../src/contract/generated/constraints';
import { errors } from '../../../src/contract/generated/errors';
import * as operations from '../../../src/contract/generated/operations';
import type { Operation } from '../../../src/contract/operation';
import type { Shape } from '../../../src/contract/shape';

/** The facts of the shapes that deviate from the published model. */
function deviationsOf(name: string): object {
  return Object.fromEntries(deviations.filter(({ of }) => of === name).map(({ fact, generated }) => [fact, generated]));
}

interface PublishedShape {
  readonly type: string;
  readonly traits?: { readonly [trait: string]: any };
  readonly member?: { readonly target: string };
  readonly key?: { readonly target: string };
  readonly value?: { readonly target: string };
  readonly members?: {
    readonly [member: string]: {
      readonly target: string;
      readonly traits?: {
        readonly [trait: string]: any;
      };
    };
  };
  readonly input?: { readonly target: string };
  readonly output?: { readonly target: string };
}
const model = published.shapes as unknown as { readonly [name: string]: PublishedShape };

/** Returns a shape of the model in the format of the contract, with references by name. */
function factsOfModel(name: string): object {
  const { type, traits = {}, member, key, value, members } = model[name]!;
  const length = traits['smithy.api#length'];
  const range = traits['smithy.api#range'];
  return withoutUndefined({
    type: type === 'union' ? 'structure' : type,
    minimum: length ? length.min || undefined : range?.min, // A length of at least 0 is no limit.
    maximum: (length ?? range)?.max,
    pattern: traits['smithy.api#pattern'] && unescaped(traits['smithy.api#pattern']),
    values: traits['smithy.api#enum']?.map((entry: { value: string }) => entry.value),
    // The only shape without a name is for the keys and values of sensitive maps.
    sensitive: traits['smithy.api#sensitive'] || name === 'String' ? true : undefined,
    member: member?.target,
    key: key?.target,
    value: value?.target,
    members: members && Object.fromEntries(Object.entries(members).map(([of, { target }]) => [of, target])),
    required: members && Object.entries(members)
      .filter(([, of]) => of.traits?.['smithy.api#required'])
      .map(([of]) => of)
      .sort(),
    union: type === 'union' || undefined,
    ...deviationsOf(name),
  });
}

/** Returns a shape of the contract in the same format. Referenced shapes are compared separately. */
function factsOfContract(shape: Shape, like: any): object {
  const { patternDescription, ...facts } = shape as Shape & { patternDescription?: string };
  return withoutUndefined({
    ...facts,
    ...('minimum' in facts && shape.type !== 'integer' && { minimum: facts.minimum || undefined }),
    ...('pattern' in facts && { pattern: facts.pattern && unescaped(facts.pattern.source) }),
    ...('member' in facts && { member: like.member }),
    ...('key' in facts && { key: like.key, value: like.value }),
    ...('members' in facts && {
      members: Object.fromEntries(Object.keys(facts.members).map((member) => [member, like.members?.[member]])),
      required: [...facts.required ?? []].sort(),
    }),
  });
}

/** Removes the redundant backslash of `\\/`, and of `\\.` and `\\-` inside brackets. */
const unescaped = (pattern: string) => pattern.replace(/\\([./-])/g, '$1');

const withoutUndefined = (facts: object) => JSON.parse(JSON.stringify(facts));

/** Returns a shape and all shapes inside it, each with its name in the model. */
function named(name: string, shape: Shape): [string, Shape][] {
  const inside = shapesInside(name, shape);
  return [[name, shape], ...inside.flatMap(([of, its]) => named(of ?? `nothing in ${name}`, its))];
}

/** Returns the shapes directly inside a shape, each with its name in the model, if the model has it. */
function shapesInside(name: string, shape: Shape): [string | undefined, Shape][] {
  const { member, key, value, members } = model[name] ?? {};
  switch (shape.type) {
    case 'list':
      return [[member?.target, shape.member]];
    case 'map':
      return [[key?.target, shape.key], [value?.target, shape.value]];
    case 'structure':
      return Object.entries(shape.members).map(([of, its]) => [members?.[of]?.target, its]);
    default:
      return [];
  }
}

const known: Operation[] = Object.values(operations);
const shapes = [
  ...Object.entries(constraints).flatMap(([name, shape]) => named(name, shape)),
  ...known.flatMap(({ name, input, output }) => [
    ...named(model[name]!.input!.target, input), ...output ? named(model[name]!.output!.target, output) : [],
  ]),
];

const operationNames = Object.keys(model).filter((name) => model[name]!.type === 'operation');
const errorNames = Object.keys(model).filter((name) => model[name]!.traits?.['smithy.api#error']);

test('the model has 17 operations and 8 errors', () => {
  expect([operationNames.length, errorNames.length]).toEqual([17, 8]);
});

test.each([...new Set(shapes.map(([name]) => name))].sort())('the shape %s is equal to the published shape', (name) => {
  const facts = factsOfModel(name);
  for (const [, shape] of shapes.filter(([other]) => other === name)) {
    expect(factsOfContract(shape, facts))
      .toEqual(facts);
  }
});

test('the contract has every input and output shape of the operations', () => {
  const within = (name: string): string[] => {
    const { member, key, value, members = {} } = model[name] ?? {};
    return [name, ...[member, key, value, ...Object.values(members)].flatMap((of) => (of ? within(of.target) : []))];
  };
  const needed = operationNames.flatMap(
    (name) => [model[name]!.input!, model[name]!.output!].flatMap(({ target }) => within(target)),
  );
  // A response without members has no shape in the contract.
  const empty = ['smithy.api#Unit', 'DisconnectUserResponse', 'TagResourceResponse', 'UntagResourceResponse'];
  expect([...new Set(needed)].filter((name) => !empty.includes(name) && !shapes.some(([other]) => other === name)))
    .toEqual([]);
  for (const name of empty) expect(model[name]?.members ?? {}).toEqual({});
});

test.each(operationNames)('the operation %s is equal to the published operation', (name) => {
  const operation = (operations as { readonly [name: string]: Operation })[name]!;
  const { traits, input, output } = model[name]!;
  const { method, uri, code = 200 } = traits!['smithy.api#http'];
  expect({
    name: operation.name,
    method: operation.method,
    path: operation.path,
    status: operation.status,
    output: operation.output !== undefined,
  }).toEqual({
    name,
    method,
    path: uri,
    status: code,
    output: Object.keys(model[output!.target]?.members ?? {}).length > 0,
  });
  const members = model[input!.target]!.members!;
  expect(operation.query)
    .toBe(Object.keys(members).find((member) => members[member]!.traits?.['smithy.api#httpQuery']));
});

test.each(errorNames)('the error %s is equal to the published error', (name) => {
  const { traits, members } = model[name]!;
  expect(errors[name as keyof typeof errors]).toEqual({
    status: traits!['smithy.api#httpError'],
    fault: traits!['smithy.api#error'],
    members: Object.keys(members!).filter((member) => member !== 'message'),
  });
});

test('the contract has no additional operation and no additional error', () => {
  expect(known.map(({ name }) => name).sort()).toEqual([...operationNames].sort());
  expect(Object.keys(errors).sort()).toEqual([...errorNames].sort());
});

test('operations that are read-only or idempotent in the model are idempotent in the contract', () => {
  for (const name of operationNames) {
    const { traits } = model[name]!;
    if (traits!['smithy.api#readonly'] || traits!['smithy.api#idempotent']) {
      expect((operations as { readonly [name: string]: Operation })[name]!.idempotent).toBe(true);
    }
  }
});

test('create operations are not idempotent, because they have no client token', () => {
  expect(known.filter(({ idempotent }) => !idempotent).map(({ name }) => name))
    .toEqual(['CreateLoggingConfiguration', 'CreateRoom', 'SendEvent']);
});
