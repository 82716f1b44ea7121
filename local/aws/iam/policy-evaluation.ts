import type { AuthorizationContext } from '../http/identities';

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect?: string;
  /** The principals of a resource-based policy. */
  readonly Principal?: string | { readonly [kind: string]: string | readonly string[] };
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

/** Returns the statements of a resource-based policy that name one of the principals, or all principals. */
export function statementsFor<T extends Pick<PolicyStatement, 'Principal'>>(
  statements: readonly T[],
  principals: readonly string[],
): T[] {
  return statements.filter(({ Principal = [] }) => {
    const named = typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();
    return named.some((principal) => principal === '*' || principals.includes(principal));
  });
}

/** The values of the condition keys of a request, by the name of the key in lower case. */
type Keys = ReadonlyMap<string, readonly string[]>;
const noKeys: Keys = new Map();

function covers(statement: PolicyStatement, action: string, resource: string, keys: Keys): boolean {
  const actions = statement.NotAction ?? statement.Action;
  const resources = statement.NotResource ?? statement.Resource;
  if (actions === undefined || resources === undefined) return false;

  const actionMatches = [actions]
    .flat()
    .some((pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase(), noKeys));
  if (actionMatches === (statement.NotAction !== undefined)) return false;

  const resourceMatches = [resources].flat().some((pattern) => matchesPattern(resource, pattern, keys));
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
const stringLike: Operator = { matches: matchesPattern };
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
  const parts = (arn: string) => {
    const [prefix, partition, service, region, account, ...resource] = arn.split(':');
    return [prefix, partition, service, region, account, resource.join(':')].map((part) => part ?? '');
  };
  const actualParts = parts(actual);
  return parts(expected).every((pattern, index) => matchesPattern(actualParts[index]!, pattern, keys));
}

const variable = /\$\{([^,}]+)(?:,\s*'([^']*)')?\}/g;

/** Replaces the variables of a value, such as `${aws:username}`. Returns undefined if a variable has no value. */
function substituted(value: string, keys: Keys): string | undefined {
  return tokensOf(value, keys)
    ?.map((token) => (typeof token === 'string' ? token : token.wildcard))
    .join('');
}

function valueOf(name: string, fallback: string | undefined, keys: Keys): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const values = keys.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}

/** A part of a pattern: a wildcard, or literal text. */
type Token = { readonly wildcard: '*' | '?' } | string;

/** Splits a pattern. The values of variables are literal. Returns undefined if a variable has no value. */
function tokensOf(pattern: string, keys: Keys): Token[] | undefined {
  const tokens: Token[] = [];
  const add = (text: string) => {
    for (const character of text.split('')) {
      tokens.push(character === '*' || character === '?' ? { wildcard: character } : character);
    }
  };

  let end = 0;
  for (const match of pattern.matchAll(variable)) {
    const value = valueOf(match[1]!, match[2], keys);
    if (value === undefined) return undefined;
    add(pattern.slice(end, match.index));
    tokens.push(...value.split(''));
    end = match.index + match[0].length;
  }
  add(pattern.slice(end));
  return tokens;
}

/**
 * Returns whether a text matches a pattern, in which `*` is any text, `?` is any character and `${key}` is the value of
 * a key. The implementation is not a regular expression, because a policy could make that slow.
 */
function matchesPattern(text: string, pattern: string, keys: Keys): boolean {
  const tokens = tokensOf(pattern, keys);
  if (!tokens) return false;

  const is = (token: Token | undefined, wildcard: '*' | '?') =>
    typeof token === 'object' && token.wildcard === wildcard;
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    if (is(tokens[at], '*')) {
      star = at++;
      resume = position;
    } else if (is(tokens[at], '?') || tokens[at] === text[position]) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (is(tokens[at], '*')) at++;
  return at === tokens.length;
}
