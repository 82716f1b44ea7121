import { validationError } from '../validation-error';
import type { ParameterDefinition, Template } from './template';

/** A parameter of CreateStack, UpdateStack or CreateChangeSet. */
export interface ParameterInput {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean | string;
}

export interface ParameterValue {
  /** The given value. For SSM parameter types, the name of the parameter. */
  readonly given: string;
  /** The value of `Ref`. */
  readonly value: string | readonly string[];
  /** The text in the parameter store. Undefined for other parameter types. */
  readonly stored?: string;
  readonly noEcho: boolean;
}

export type ParameterValues = ReadonlyMap<string, ParameterValue>;

/**
 * Returns the values of the parameters of a template: the given value, the previous value if requested, or the default.
 *
 * @throws ValidationError if a parameter is missing, unknown or violates its constraints.
 */
export function parameterValues(
  template: Template,
  given: readonly ParameterInput[],
  previous: ParameterValues,
  ssmParameter: (name: string) => string | undefined,
): ParameterValues {
  const definitions = template.Parameters ?? {};
  const unknown = given
    .filter(({ ParameterKey }) => !Object.hasOwn(definitions, ParameterKey ?? ''))
    .map(({ ParameterKey }) => ParameterKey);
  if (unknown.length) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const values = new Map<string, ParameterValue>();
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const input = given.find(({ ParameterKey }) => ParameterKey === name);
    const usePrevious = input?.UsePreviousValue === true || input?.UsePreviousValue === 'true';
    const text = usePrevious ? previous.get(name)?.given : input?.ParameterValue ?? defaultOf(definition);
    if (text === undefined) {
      missing.push(name);
      continue;
    }
    checkConstraints(name, definition, text);
    const [, storedType] = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(definition.Type) ?? [];
    const stored = storedType === undefined ? undefined : storedText(text, ssmParameter);
    values.set(name, {
      given: text,
      value: typedValue(name, storedType ?? definition.Type, stored ?? text),
      stored,
      noEcho: String(definition.NoEcho) === 'true',
    });
  }
  if (missing.length) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

function defaultOf(definition: ParameterDefinition): string | undefined {
  return definition.Default === undefined ? undefined : String(definition.Default);
}

function storedText(parameter: string, ssmParameter: (name: string) => string | undefined): string {
  const stored = ssmParameter(parameter);
  if (stored !== undefined) return stored;
  throw validationError(`Unable to fetch parameters [${parameter}] from parameter store for this account.`);
}

function typedValue(name: string, type: string, value: string): string | readonly string[] {
  if (type === 'Number' && !Number.isFinite(Number(value))) {
    throw validationError(`Parameter '${name}' must be a number.`);
  }
  return type === 'CommaDelimitedList' || type.startsWith('List<')
    ? value.split(',').map((element) => element.trim())
    : value;
}

function checkConstraints(name: string, definition: ParameterDefinition, value: string): void {
  const { ConstraintDescription: description } = definition;
  const refuse = (message: string) =>
    validationError(`Parameter '${name}' ${description ? `failed to satisfy constraint: ${description}` : message}`);

  if (definition.AllowedValues && !definition.AllowedValues.map(String).includes(value)) {
    throw refuse('must be one of AllowedValues');
  }
  if (definition.AllowedPattern && !new RegExp(`^(?:${definition.AllowedPattern})$`).test(value)) {
    throw refuse(`must match pattern ${definition.AllowedPattern}`);
  }
  if (definition.MinLength !== undefined && value.length < Number(definition.MinLength)) {
    throw refuse(`must contain at least ${definition.MinLength} characters`);
  }
  if (definition.MaxLength !== undefined && value.length > Number(definition.MaxLength)) {
    throw refuse(`must contain at most ${definition.MaxLength} characters`);
  }
  if (definition.MinValue !== undefined && Number(value) < Number(definition.MinValue)) {
    throw refuse(`must be a number not less than ${definition.MinValue}`);
  }
  if (definition.MaxValue !== undefined && Number(value) > Number(definition.MaxValue)) {
    throw refuse(`must be a number not greater than ${definition.MaxValue}`);
  }
}
