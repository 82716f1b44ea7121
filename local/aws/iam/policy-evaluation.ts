import type { AuthorizationContext } from '../http/identities';

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/**
 * Evaluates identity-based policies as IAM does: an explicit Deny takes precedence, and otherwise an Allow is required.
 * A statement with an unknown element, such as an unknown condition operator, never allows. In a Deny, it denies.
 *
 * @example
 * const allowed = allows([{ Statement: { Effect: 'Allow', Action: 'ivschat:Create*', Resource: '*' } }]);
 * allowed('ivschat:CreateRoom', 'arn:aws:ivschat:us-east-1:123456789012:room/*', {}); // true
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(
  documents: readonly PolicyDocument[],
): (action: string, resource: string, context: AuthorizationContext) => boolean {
  const statements = documents.flatMap((document) => [document.Statement ?? []].flat());
  return (action, resource, context) => {
    const keys = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
    const applying = statements.filter((statement) => covers(statement, action, resource, keys));
    return applying.every(({ Effect }) => Effect === 'Allow') && applying.length > 0;
  };
}

type Keys = ReadonlyMap<string, readonly string[]>;

function covers(statement: PolicyStatement, action: string, resource: string, keys: Keys): boolean {
  const actions = statement.NotAction ?? statement.Action;
  const resources = statement.NotResource ?? statement.Resource;
  if (actions === undefined || resources === undefined) return false;
  const actionMatches = [actions].flat().some((pattern) => like(action.toLowerCase(), pattern.toLowerCase()));
  if (actionMatches === (statement.NotAction !== undefined)) return false;
  const resourceMatches = [resources].flat().some((pattern) => likeWithVariables(resource, pattern, keys));
  if (resourceMatches === (statement.NotResource !== undefined)) return false;
  // A statement with an unknown operator denies if it is a Deny, and does not allow if it is an Allow.
  return conditionsHold(statement.Condition ?? {}, keys) ?? statement.Effect !== 'Allow';
}

/** Returns whether all conditions are met, or undefined if an operator is unknown. */
function conditionsHold(conditions: NonNullable<PolicyStatement['Condition']>, keys: Keys): boolean | undefined {
  let unknown = false;
  for (const [name, tests] of Object.entries(conditions)) {
    for (const [key, expected] of Object.entries(tests)) {
      const result = conditionHolds(name, [expected].flat().map(String), keys.get(key.toLowerCase()), keys);
      if (result === false) return false;
      if (result === undefined) unknown = true;
    }
  }
  return unknown ? undefined : true;
}

function conditionHolds(
  name: string,
  expected: readonly string[],
  actual: readonly string[] | undefined,
  keys: Keys,
): boolean | undefined {
  const [, quantifier, operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name)!;
  if (operator === 'Null') return expected.includes(String(actual === undefined));
  const test = Object.hasOwn(operators, operator!) ? operators[operator!]! : undefined;
  if (!test) return undefined;
  if (actual === undefined || actual.length === 0) {
    // A missing key meets only optional and negated conditions.
    return Boolean(ifExists) || quantifier === 'ForAllValues' || (quantifier === undefined && test.negated === true);
  }
  const holds = (value: string) => {
    const matches = expected.some((pattern) => test.matches(value, pattern, keys));
    return test.negated ? !matches : matches;
  };
  return quantifier === 'ForAnyValue' ? actual.some(holds) : actual.every(holds);
}

interface Operator {
  readonly matches: (actual: string, expected: string, keys: Keys) => boolean;
  readonly negated?: boolean;
}

const not = (operator: Operator): Operator => ({ ...operator, negated: true });
const compared = (parse: (text: string) => number, compare: (a: number, b: number) => boolean): Operator => ({
  matches: (actual, expected) => compare(parse(actual), parse(expected)),
});
const stringEquals: Operator = { matches: (actual, expected, keys) => actual === substituted(expected, keys) };
const ignoringCase: Operator = {
  matches: (actual, expected, keys) => actual.toLowerCase() === substituted(expected, keys)?.toLowerCase(),
};
const stringLike: Operator = { matches: likeWithVariables };
const arnLike: Operator = { matches: (actual, expected, keys) => arnMatches(actual, expected, keys) };
const date = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const equal = (a: number, b: number) => a === b;
const less = (a: number, b: number) => a < b;
const lessOrEqual = (a: number, b: number) => a <= b;
const greater = (a: number, b: number) => a > b;
const greaterOrEqual = (a: number, b: number) => a >= b;

const operators: { readonly [name: string]: Operator } = {
  StringEquals: stringEquals,
  StringNotEquals: not(stringEquals),
  StringEqualsIgnoreCase: ignoringCase,
  StringNotEqualsIgnoreCase: not(ignoringCase),
  StringLike: stringLike,
  StringNotLike: not(stringLike),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
  Bool: { matches: (actual, expected) => actual.toLowerCase() === expected.toLowerCase() },
  NumericEquals: compared(Number, equal),
  NumericNotEquals: not(compared(Number, equal)),
  NumericLessThan: compared(Number, less),
  NumericLessThanEquals: compared(Number, lessOrEqual),
  NumericGreaterThan: compared(Number, greater),
  NumericGreaterThanEquals: compared(Number, greaterOrEqual),
  DateEquals: compared(date, equal),
  DateNotEquals: not(compared(date, equal)),
  DateLessThan: compared(date, less),
  DateLessThanEquals: compared(date, lessOrEqual),
  DateGreaterThan: compared(date, greater),
  DateGreaterThanEquals: compared(date, greaterOrEqual),
};

/** Compares the six parts of an ARN one by one. A wildcard matches a colon only in the last part. */
function arnMatches(actual: string, expected: string, keys: Keys): boolean {
  const parts = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')];
  const actualParts = parts(actual);
  return parts(expected).every((pattern, index) => likeWithVariables(actualParts[index] ?? '', pattern, keys));
}

/** Matches a pattern in which `*` is any text and `?` any character. Values of `${key}` are taken literally. */
function likeWithVariables(text: string, pattern: string, keys: Keys): boolean {
  const variables: string[] = [];
  for (const [, name, fallback] of pattern.matchAll(variable)) {
    const value = valueOf(name!, fallback, keys);
    if (value === undefined) return false;
    variables.push(value);
  }
  return like(text, pattern.replace(variable, PLACE), variables);
}

const variable = /\$\{([^,}]+)(?:,\s*'([^']*)')?\}/g;
/** The placeholder for the value of a variable in a pattern. ARNs do not contain this character. */
const PLACE = '\u0000';

function substituted(pattern: string, keys: Keys): string | undefined {
  let missing = false;
  const result = pattern.replace(variable, (_, name: string, fallback?: string) => {
    const value = valueOf(name, fallback, keys);
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : result;
}

function valueOf(name: string, fallback: string | undefined, keys: Keys): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const values = keys.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}

function like(text: string, pattern: string, variables: readonly string[] = []): boolean {
  let next = 0;
  const source = pattern.replace(/[\s\S]/g, (character) => {
    if (character === PLACE) return escaped(variables[next++] ?? '');
    return character === '*' ? '[\\s\\S]*' : character === '?' ? '[\\s\\S]' : escaped(character);
  });
  return new RegExp(`^${source}$`).test(text);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
