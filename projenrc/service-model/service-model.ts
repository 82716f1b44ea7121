/** The Smithy model of Amazon IVS Chat: what the generator reads of it. */

/** A reference to a shape by its name, without the namespace. */
export interface Reference {
  readonly target: string;
  readonly traits?: Traits;
}

export type Traits = { readonly [trait: string]: any };

/** A shape of the model, in the JSON format of Smithy. */
export interface ModelShape {
  readonly type: string;
  readonly traits?: Traits;
  readonly members?: { readonly [member: string]: Reference };
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly input?: Reference;
  readonly output?: Reference;
  readonly errors?: readonly Reference[];
  readonly operations?: readonly Reference[];
}

export interface ServiceModel {
  readonly version: string;
  readonly shapes: { readonly [name: string]: ModelShape };
}

/** The traits that the generator reads, and those that tell what the service is. */
const KEPT_TRAITS = new Set([
  'aws.api#service',
  'aws.auth#sigv4',
  'aws.protocols#restJson1',
  'smithy.api#default',
  'smithy.api#enum',
  'smithy.api#enumValue',
  'smithy.api#error',
  'smithy.api#http',
  'smithy.api#httpError',
  'smithy.api#httpLabel',
  'smithy.api#httpQuery',
  'smithy.api#idempotent',
  'smithy.api#length',
  'smithy.api#paginated',
  'smithy.api#pattern',
  'smithy.api#range',
  'smithy.api#readonly',
  'smithy.api#required',
  'smithy.api#sensitive',
  'smithy.api#timestampFormat',
]);

/** The traits that change nothing in requests, responses and limits. */
const DROPPED_TRAITS = new Set([
  'smithy.api#addedDefault',
  'smithy.api#clientOptional',
  'smithy.api#cors',
  'smithy.api#documentation',
  'smithy.api#examples',
  'smithy.api#externalDocumentation',
  'smithy.api#input',
  'smithy.api#output',
  'smithy.api#suppress',
  'smithy.api#tags',
  'smithy.api#title',
  'smithy.api#xmlNamespace',
  'smithy.rules#endpointRuleSet',
  'smithy.rules#endpointTests',
]);

const UNIT = 'smithy.api#Unit';

/** Removes the namespace of the service. The shapes of Smithy itself keep theirs. */
const withoutNamespace = (name: string) => (name.startsWith('smithy.api#') ? name : name.slice(name.indexOf('#') + 1));

/**
 * Reduces a model as AWS publishes it to the parts that the generator reads. A reduced model is returned unchanged. The
 * documentation of AWS is removed, because the docstrings are written by hand (documentation.ts).
 *
 * @throws Error if the model has a trait that the generator does not know. It can change requests or responses.
 */
export function reduced(model: { readonly shapes: { readonly [name: string]: any } }): ServiceModel {
  const shapes: { [name: string]: ModelShape } = {};
  for (const name of Object.keys(model.shapes)) {
    shapes[withoutNamespace(name)] = inside(model.shapes[name], name);
  }
  const service = Object.values(shapes).find(({ type }) => type === 'service') as { version?: string } | undefined;
  if (!service?.version) {
    throw new Error('The model has no service. Give the Smithy model of Amazon IVS Chat in the JSON format.');
  }
  const sorted = Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1));
  return { version: service.version, shapes: Object.fromEntries(sorted) };

  function inside(value: any, at: string): any {
    if (Array.isArray(value)) return value.map((item) => inside(item, at));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries<any>(value).flatMap(([key, part]): [string, any][] => {
      if (key === 'target') return [[key, withoutNamespace(part)]];
      if (key !== 'traits') return [[key, inside(part, `${at}.${key}`)]];
      const traits = Object.entries(part).filter(([trait]) => {
        if (!KEPT_TRAITS.has(trait) && !DROPPED_TRAITS.has(trait)) {
          throw new Error(`${at} has the trait ${trait}, which the generator does not know. Add it to KEPT_TRAITS and`
            + ' generate code for it, or to DROPPED_TRAITS, in projenrc/service-model/service-model.ts.');
        }
        return KEPT_TRAITS.has(trait);
      });
      return traits.length > 0 ? [[key, Object.fromEntries(traits)]] : [];
    });
    return Object.fromEntries(entries);
  }
}

/** Returns a reduced model as JSON with one line for each shape, so that a change of a shape is a change of a line. */
export function toJson({ version, shapes }: ServiceModel): string {
  const lines = Object.entries(shapes).map(([name, shape]) => `${JSON.stringify(name)}: ${JSON.stringify(shape)}`);
  return `{\n"version": ${JSON.stringify(version)},\n"shapes": {\n${lines.join(',\n')}\n}\n}\n`;
}

/** Returns the values of an enum in the order of the model, or undefined for another shape. */
export function enumValues({ type, traits, members }: ModelShape): string[] | undefined {
  if (type === 'enum') {
    return Object.entries(members!).map(([name, member]) => member.traits?.['smithy.api#enumValue'] ?? name);
  }
  return traits?.['smithy.api#enum']?.map(({ value }: { value: string }) => value);
}

/** Returns the names of the shapes that a shape refers to, in the order of the model. */
export function references({ type, members = {}, member, key, value }: ModelShape): string[] {
  if (type === 'enum') return [];
  return [member, key, value, ...Object.values(members)].flatMap((reference) => reference?.target ?? []);
}

/** The shapes of Smithy itself that the generator supports. */
const PRELUDE: { readonly [name: string]: ModelShape } = {
  'smithy.api#String': { type: 'string' },
  'smithy.api#Integer': { type: 'integer' },
  'smithy.api#Timestamp': { type: 'timestamp' },
};

/** Returns a shape by its name. */
export function shapeOf({ shapes }: ServiceModel, name: string): ModelShape {
  const shape = shapes[name] ?? PRELUDE[name];
  if (!shape) throw new Error(`The model refers to the shape ${name}, which it does not define.`);
  return shape;
}

/** Returns the name of an input or an output, or undefined for `Unit`. */
export function structureName(reference: Reference | undefined): string | undefined {
  return reference && reference.target !== UNIT ? reference.target : undefined;
}

/** Returns the names of the shapes of a type in the order of the alphabet. */
export function namesOf({ shapes }: ServiceModel, test: (shape: ModelShape) => unknown): string[] {
  return Object.keys(shapes).filter((name) => test(shapes[name]!)).sort();
}

export const isOperation = ({ type }: ModelShape) => type === 'operation';
export const isError = ({ traits }: ModelShape) => traits?.['smithy.api#error'] !== undefined;
export const isRequired = ({ traits }: Reference) => traits?.['smithy.api#required'] !== undefined;
