import { validationError } from '../validation-error';
import { isObject, splitAttribute } from './template';

/** The values that the intrinsic functions of a template can use. */
export interface Scope {
  readonly region: string;
  readonly mappings: { readonly [name: string]: unknown };
  /** Returns the value of a parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  importValue(exportName: string): string;
  /** Returns the value of `{{resolve:service:reference}}`. */
  dynamicReference(service: string, reference: string): string;
  /** Replaces the addresses that resources have on AWS with their addresses on this machine. */
  localUrl(text: string): string;
}

/** The value of `AWS::NoValue`. Properties and elements with this value are removed. */
export const noValue = Symbol('AWS::NoValue');

/** Resolves every intrinsic function and dynamic reference in a value. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return resolveDynamicReferences(value, scope);
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, scope)).filter((element) => element !== noValue);
  }
  if (!isObject(value)) return value;
  const call = intrinsicOf(value);
  if (call) {
    const result = functions[call[0]]!(call[1], scope);
    return typeof result === 'string' ? scope.localUrl(result) : result;
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, nested] of Object.entries(value)) {
    const result = resolve(nested, scope);
    if (result !== noValue) define(resolved, key, result);
  }
  return resolved;
}

/** Replaces `Fn::If` with the selected branch. Does not resolve other functions. */
export function chooseBranches(value: unknown, scope: Pick<Scope, 'condition'>): unknown {
  if (Array.isArray(value)) return value.map((element) => chooseBranches(element, scope));
  if (!isObject(value)) return value;
  const call = intrinsicOf(value);
  if (call?.[0] === 'Fn::If') return chooseBranches(branch(call[1], scope), scope);
  const chosen: Record<string, unknown> = {};
  for (const [key, nested] of Object.entries(value)) define(chosen, key, chooseBranches(nested, scope));
  return chosen;
}

/** Returns the names that a value references with Ref, Fn::GetAtt and Fn::Sub. */
export function references(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) value.forEach((element) => references(element, found));
  if (!isObject(value)) return found;
  const call = intrinsicOf(value);
  if (call?.[0] === 'Ref') {
    found.add(String(call[1]));
  } else if (call?.[0] === 'Fn::GetAtt') {
    found.add(attributeTarget(call[1])[0]);
  } else if (call?.[0] === 'Fn::Sub') {
    const [template, variables] = subArguments(call[1]);
    for (const [, name] of template.matchAll(placeholder)) {
      if (!name!.startsWith('!') && !Object.hasOwn(variables, name!)) found.add(splitAttribute(name!)[0]);
    }
    references(variables, found);
  } else {
    Object.values(value).forEach((nested) => references(nested, found));
  }
  return found;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;
const placeholder = /\$\{([^}]*)\}/g;

const functions: { readonly [name: string]: Intrinsic } = {
  'Ref': (name, scope) => (name === 'AWS::NoValue' ? noValue : scope.ref(String(name))),
  'Condition': (name, scope) => scope.condition(String(name)),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, attribute] = attributeTarget(argument);
    return scope.getAtt(logicalId, text(resolve(attribute, scope), 'Fn::GetAtt'));
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = subArguments(argument);
    return template.replace(placeholder, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(variables, name)) return text(resolve(variables[name], scope), 'Fn::Sub');
      const [target, attribute] = splitAttribute(name);
      return text(attribute ? scope.getAtt(target, attribute) : scope.ref(name), 'Fn::Sub');
    });
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list(resolve(argument, scope), 'Fn::Join', 2);
    return list(parts, 'Fn::Join').map((part) => text(part, 'Fn::Join')).join(String(delimiter));
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = list(resolve(argument, scope), 'Fn::Split', 2);
    return text(source, 'Fn::Split').split(String(delimiter));
  },
  'Fn::Select': (argument, scope) => {
    const [index, elements] = list(resolve(argument, scope), 'Fn::Select', 2);
    const chosen = list(elements, 'Fn::Select')[Number(index)];
    if (chosen === undefined) {
      throw validationError(`Template error: Fn::Select cannot select nonexistent value at index ${String(index)}`);
    }
    return chosen;
  },
  'Fn::If': (argument, scope) => resolve(branch(argument, scope), scope),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolve(argument, scope), 'Fn::Equals', 2);
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => !truth(list(resolve(argument, scope), 'Fn::Not', 1)[0]),
  'Fn::And': (argument, scope) => list(resolve(argument, scope), 'Fn::And').every(truth),
  'Fn::Or': (argument, scope) => list(resolve(argument, scope), 'Fn::Or').some(truth),
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second, options] = list(resolve(argument, scope), 'Fn::FindInMap');
    let found: unknown = scope.mappings;
    for (const key of [map, top, second]) {
      found = isObject(found) && Object.hasOwn(found, String(key)) ? found[String(key)] : undefined;
    }
    if (found === undefined && isObject(options)) found = options.DefaultValue;
    if (found === undefined) {
      throw validationError(
        `Template error: Unable to get mapping for ${String(map)}::${String(top)}::${String(second)}`,
      );
    }
    return found;
  },
  'Fn::ImportValue': (argument, scope) => scope.importValue(text(resolve(argument, scope), 'Fn::ImportValue')),
  'Fn::Base64': (argument, scope) => Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::GetAZs': (argument, scope) => {
    const region = resolve(argument, scope);
    return ['a', 'b', 'c'].map((zone) => `${typeof region === 'string' && region ? region : scope.region}${zone}`);
  },
  'Fn::Cidr': (argument, scope) => cidr(list(resolve(argument, scope), 'Fn::Cidr')),
  'Fn::Length': (argument, scope) => list(resolve(argument, scope), 'Fn::Length').length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(resolve(argument, scope)),
};

function intrinsicOf(value: { readonly [key: string]: unknown }): [string, unknown] | undefined {
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined) return undefined;
  // `Condition` is also an element of IAM statements.
  if (name === 'Condition' && typeof value[name] !== 'string') return undefined;
  if (Object.hasOwn(functions, name)) return [name, value[name]];
  if (name.startsWith('Fn::') && name !== 'Fn::Transform') {
    throw validationError(`Template error: ${name} is not supported by the local service.`);
  }
  if (name === 'Fn::Transform') {
    throw validationError(
      'Template error: Fn::Transform is not supported by the local service. Deploy a template without transforms.',
    );
  }
  return undefined;
}

function branch(argument: unknown, scope: Pick<Scope, 'condition'>): unknown {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If', 3);
  return scope.condition(String(condition)) ? whenTrue : whenFalse;
}

function attributeTarget(argument: unknown): [string, unknown] {
  if (typeof argument === 'string') return splitAttribute(argument);
  const [logicalId, attribute] = list(argument, 'Fn::GetAtt', 2);
  return [String(logicalId), attribute];
}

function subArguments(argument: unknown): [string, { readonly [name: string]: unknown }] {
  if (typeof argument === 'string') return [argument, {}];
  const [template, variables] = list(argument, 'Fn::Sub', 2);
  return [String(template), isObject(variables) ? variables : {}];
}

function list(value: unknown, name: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw validationError(`Template error: ${name} requires a list${length === undefined ? '' : ` of ${length}`}.`);
  }
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw validationError(`Template error: every value of ${name} must be a string.`);
}

const truth = (value: unknown) => value === true || value === 'true';

function resolveDynamicReferences(value: string, scope: Scope): string {
  return value.replace(/\{\{resolve:([a-z-]+):([^}]+)\}\}/g, (_, service: string, reference: string) =>
    scope.dynamicReference(service, reference),
  );
}

/** Returns the CIDR blocks for `[ipBlock, count, cidrBits]`, IPv4 only. */
function cidr([block, count, bits]: readonly unknown[]): string[] {
  const [base = '', prefix] = String(block).split('/');
  const start = base.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
  const size = 2 ** Number(bits);
  // A part that is missing or not a number makes the comparison false.
  if (!Number.isInteger(start) || !(Number(count) * size <= 2 ** (32 - Number(prefix)))) {
    throw validationError('Template error: the blocks of Fn::Cidr do not fit in the IP block.');
  }
  return Array.from({ length: Number(count) }, (_, index) => {
    const address = start + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${32 - Number(bits)}`;
  });
}

/** Defines a property. An assignment would lose the key `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
