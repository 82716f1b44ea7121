/** Generates src/contract/generated: the shapes, the operations and the errors of the service model as data. */
import { deviations, type Deviation } from './deviations';
import type { Docstrings } from './docstrings';
import { Code, docstring, importOf, literal, pureCall } from './print';
import {
  enumValues, isError, isOperation, isRequired, namesOf, references, shapeOf, structureName, type ModelShape,
  type Reference, type ServiceModel,
} from './service-model';

/** Returns the value of a deviation, or the value in the model. */
function fact<Value>(of: string, name: Deviation['fact'], published: Value): Value {
  const deviation = deviations.find((each) => each.of === of && each.fact === name);
  return deviation ? deviation.generated as Value : published;
}

const isRepeatable = ({ traits = {} }: ModelShape) =>
  traits['smithy.api#readonly'] !== undefined || traits['smithy.api#idempotent'] !== undefined;

/** Fails if the model no longer has the values that the deviations replace. */
export function checkDeviations({ shapes }: ServiceModel): void {
  for (const { of, fact: name, published } of deviations) {
    const shape = shapes[of];
    if (!shape) {
      throw new Error(`The deviation of ${of} no longer applies: the model does not have it. Remove it.`);
    }
    const inModel = {
      pattern: shape.traits?.['smithy.api#pattern'],
      maximumBytes: undefined, // Smithy has no such trait.
      sensitive: shape.traits?.['smithy.api#sensitive'] && true,
      idempotent: isRepeatable(shape),
    }[name];
    if (inModel !== published) {
      throw new Error(`The deviation of ${of} no longer applies: ${name} is ${inModel} in the model, and it was`
        + ` ${published}. Change or remove it in deviations.ts.`);
    }
  }
}

/** Returns the limits of a shape. */
export function limitsOf(model: ServiceModel, name: string): { readonly [limit: string]: number | undefined } {
  const { type, traits = {} } = shapeOf(model, name);
  const { min, max } = traits['smithy.api#length'] ?? traits['smithy.api#range'] ?? {};
  return {
    minimum: type === 'integer' ? min : min || undefined, // A length of at least 0 is no limit.
    maximum: max,
    maximumBytes: fact(name, 'maximumBytes', undefined),
  };
}

/** A shape in the format of src/contract/shape.ts, with references to other shapes as code. */
export interface ContractShape {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * Returns a shape of the model in the format of src/contract/shape.ts.
 *
 * @param sameAs The names to replace by the names of equal shapes.
 */
export function contractShape(
  model: ServiceModel, docs: Docstrings, name: string, sameAs: ReadonlyMap<string, string> = new Map(),
): ContractShape {
  const shape = shapeOf(model, name);
  const { traits = {}, members = {} } = shape;
  const { maximumBytes, ...limits } = limitsOf(model, name);
  const pattern = fact<string | undefined>(name, 'pattern', traits['smithy.api#pattern']);
  const sensitive = fact<true | undefined>(name, 'sensitive', traits['smithy.api#sensitive'] && true);
  const inside = (target: string) => {
    if (!isPlain(model, target)) return new Code(sameAs.get(target) ?? target);
    const { type } = shapeOf(model, target); // A shape without constraints has no constant.
    return { type, sensitive }; // The parts of a sensitive value are sensitive.
  };
  switch (shape.type) {
    case 'string':
    case 'enum':
      return {
        type: 'string',
        ...limits,
        pattern: pattern && new RegExp(pattern),
        patternDescription: pattern && (docs.need('patterns', [name]) ?? `match ${pattern}`),
        values: enumValues(shape),
        sensitive,
      };
    case 'integer':
      return { type: 'integer', ...limits, sensitive };
    case 'timestamp':
      if (traits['smithy.api#timestampFormat'] !== 'date-time') {
        throw new Error(`${name}: the contract supports only times in the format date-time.`);
      }
      return { type: 'timestamp', sensitive };
    case 'list':
      return { type: 'list', member: inside(shape.member!.target), ...limits, sensitive };
    case 'map':
      return {
        type: 'map',
        key: inside(shape.key!.target),
        value: inside(shape.value!.target),
        ...limits,
        maximumBytes,
        sensitive,
      };
    case 'structure':
    case 'union': {
      const required = Object.keys(members).filter((member) => isRequired(members[member]!));
      return {
        type: 'structure',
        members: Object.fromEntries(Object.entries(members).map(([member, { target }]) => [member, inside(target)])),
        required: required.length > 0 ? required : undefined,
        union: shape.type === 'union' || undefined,
        sensitive,
      };
    }
    default:
      throw new Error(`${name} has the type ${shape.type}, which the contract does not support. Add it to`
        + ' src/contract/shape.ts, src/contract/check.ts and projenrc/service-model.');
  }
}

function isPlain(model: ServiceModel, name: string): boolean {
  const { type, traits = {} } = shapeOf(model, name);
  return ['string', 'integer'].includes(type) && Object.keys(traits).length === 0
    && !deviations.some(({ of }) => of === name);
}

/** Returns the names of the inputs, the outputs and the shapes inside them. A shape comes after those that it uses. */
export function shapesOfOperations(model: ServiceModel): string[] {
  const sorted: string[] = [];
  const visit = (name: string, path: readonly string[]) => {
    if (path.includes(name)) throw new Error(`The shape ${name} contains itself, which the contract does not support.`);
    if (sorted.includes(name)) return;
    for (const inner of references(shapeOf(model, name))) visit(inner, [...path, name]);
    sorted.push(name);
  };
  for (const name of namesOf(model, isOperation)) {
    const { input, output } = model.shapes[name]!;
    for (const structure of [structureName(input), structureName(output)]) if (structure) visit(structure, []);
  }
  return sorted;
}

/** The types of literals. */
const ANNOTATIONS: { readonly [type: string]: string } = {
  string: 'StringShape',
  integer: 'IntegerShape',
  timestamp: 'TimestampShape',
  list: 'ListShape',
  map: 'MapShape',
  structure: 'StructureShape',
};

/**
 * Prints a constant. For the most common kinds, its value is a call of a function of src/contract/shape.ts, because
 * calls take fewer bytes in bundles. For the others, it is a literal.
 */
function constant(name: string, shape: ContractShape): { readonly text: string; readonly uses: string } {
  const { type, minimum, maximum, pattern, patternDescription, values, sensitive } = shape;
  const called = (builder: string, ...given: readonly unknown[]) => {
    const start = `export const ${name} = `;
    return { text: `${start}${pureCall(builder, given, start.length)};\n`, uses: builder };
  };
  if (values && !sensitive) return called('oneOf', ...values as string[]);
  const hasLimits = minimum !== undefined || maximum !== undefined;
  if (type === 'string' && hasLimits && !sensitive) {
    return called('text', minimum ?? 0, maximum, pattern, patternDescription);
  }
  if (type === 'integer' && hasLimits && !sensitive) return called('integer', minimum, maximum);
  if (type === 'structure' && !shape.union && !sensitive) return called('structure', shape.members, shape.required);
  const start = `export const ${name}: ${ANNOTATIONS[type]} = `;
  return { text: `${start}${literal(shape, 0, start.length)};\n`, uses: `type ${ANNOTATIONS[type]}` };
}

export function constraintsFile(model: ServiceModel, docs: Docstrings): string {
  const firstNames = new Map<string, string>();
  const sameAs = new Map<string, string>();
  const uses = new Set<string>();
  const constants = shapesOfOperations(model).filter((name) => !isPlain(model, name)).map((name) => {
    const reasons = deviations.filter(({ of }) => of === name).map(({ reason }) => reason);
    const comment = docstring(reasons.join('\n'));
    const facts = literal(contractShape(model, docs, name, sameAs));
    const first = firstNames.get(facts);
    if (first) {
      sameAs.set(name, first);
      return `${comment}export const ${name} = ${first};\n`;
    }
    firstNames.set(facts, name);
    const { text, uses: used } = constant(name, contractShape(model, docs, name));
    uses.add(used);
    return comment + text;
  });
  return `${importOf(uses, '../shape')}\n${constants.join('\n')}`;
}

export function operationsFile(model: ServiceModel, docs: Docstrings): string {
  const uses = new Set<string>();
  const constants = namesOf(model, isOperation).map((name) => {
    const shape = model.shapes[name]!;
    const { method, uri, code = 200 } = shape.traits!['smithy.api#http'];
    const [input, output] = [structureName(shape.input), structureName(shape.output)];
    if (!input) throw new Error(`${name} has no input, which the contract does not support.`);
    const hasOutput = output && Object.keys(shapeOf(model, output).members ?? {}).length > 0;
    const { labels, queries } = addressOf(model, name);
    uses.add(input);
    if (hasOutput) uses.add(output);
    const rest = {
      method: method === 'POST' ? undefined : method,
      path: labels.length > 0 || uri !== `/${name}` ? uri : undefined,
      query: queries[0],
      status: code === 200 ? undefined : code,
      idempotent: isIdempotent(model, name) ? undefined : false,
    };
    const differs = Object.values(rest).some((value) => value !== undefined);
    const start = `export const ${name} = `;
    const values = [name, new Code(input), hasOutput ? new Code(output) : undefined, differs ? rest : undefined];
    return `${docstring(docs.need('operations', [name]))}${start}${pureCall('operation', values, start.length)};\n`;
  });
  return `${importOf(uses, './constraints')}import { operation } from '../operation';\n\n${constants.join('\n')}`;
}

/** Returns whether a repeated request has the same effect as one request. */
export function isIdempotent(model: ServiceModel, name: string): boolean {
  return fact(name, 'idempotent', isRepeatable(model.shapes[name]!)) as boolean;
}

/** Returns the members of the input that are in the address of the request. */
function addressOf(model: ServiceModel, name: string): { readonly labels: string[]; readonly queries: string[] } {
  const { input, traits } = model.shapes[name]!;
  const { method, uri } = traits!['smithy.api#http'];
  const members = Object.entries(shapeOf(model, input!.target).members ?? {});
  const withTrait = (trait: string) => members.filter(([, member]) => member.traits?.[trait] !== undefined);
  const queries = withTrait('smithy.api#httpQuery');
  const labels = withTrait('smithy.api#httpLabel');
  const isQuery = ([of, member]: [string, Reference]) =>
    member.traits!['smithy.api#httpQuery'] === of && shapeOf(model, member.target).type === 'list';
  if (queries.length > 1 || !queries.every(isQuery)) {
    throw new Error(`${name}: the contract supports one query parameter: a list with the name of its member.`);
  }
  const placeholders = uri.split('{').length - 1;
  if (labels.length > 1 || placeholders !== labels.length || !labels.every(([of]) => uri.includes(`{${of}}`))) {
    throw new Error(`${name}: the contract supports only one label in a path, got ${uri}.`);
  }
  if (method !== 'POST' && members.length > queries.length + labels.length) {
    throw new Error(`${name}: the contract does not support a ${method} request with a body.`);
  }
  return { labels: labels.map(([of]) => of), queries: queries.map(([of]) => of) };
}

export function errorsFile(model: ServiceModel): string {
  const entries = namesOf(model, isError).map((name) => {
    const { traits, members = {} } = model.shapes[name]!;
    const error = {
      status: traits!['smithy.api#httpError'],
      fault: traits!['smithy.api#error'],
      members: Object.keys(members).filter((member) => member !== 'message'),
    };
    return `  ${name}: ${literal(error, 2, name.length + 4)},\n`;
  });
  return `import type { ServiceError } from '../service-error';

/** The errors of the control plane. */
export const errors = {
${entries.join('')}} as const satisfies Record<string, ServiceError>;

export type ErrorName = keyof typeof errors;
`;
}
