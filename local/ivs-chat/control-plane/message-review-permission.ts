/** The resource-based policy of a Lambda function, as lambda:GetPolicy returns it. */
export interface FunctionPolicy {
  readonly Statement: readonly FunctionPolicyStatement[];
}

export interface FunctionPolicyStatement {
  readonly Effect: string;
  readonly Principal: string | { readonly [kind: string]: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** Returns whether the policy allows Amazon IVS Chat to invoke the function for this room. */
export function mayInvoke(policy: FunctionPolicy, roomArn: string): boolean {
  const applies = policy.Statement.filter(
    (statement) => concernsIvsChat(statement) && conditionsHold(statement, roomArn),
  );
  return applies.some(({ Effect }) => Effect === 'Allow') && !applies.some(({ Effect }) => Effect === 'Deny');
}

const list = (value: string | readonly string[] | undefined) => (typeof value === 'string' ? [value] : value ?? []);

function concernsIvsChat({ Principal, Action }: FunctionPolicyStatement): boolean {
  const principals =
    typeof Principal === 'string' ? [Principal] : [...list(Principal.Service), ...list(Principal['*'])];
  return principals.some((principal) => principal === '*' || principal === 'ivschat.amazonaws.com')
    && list(Action).some((action) => like(action.toLowerCase(), 'lambda:invokefunction'));
}

function conditionsHold({ Condition }: FunctionPolicyStatement, roomArn: string): boolean {
  const values: { [key: string]: string } = { 'aws:sourcearn': roomArn, 'aws:sourceaccount': roomArn.split(':')[4]! };
  return Object.entries(Condition ?? {}).every(([operator, conditions]) =>
    Object.entries(conditions).every(([key, patterns]) => {
      const value = values[key.toLowerCase()];
      if (value === undefined) return operator.endsWith('IfExists');
      switch (operator.replace(/IfExists$/, '')) {
        case 'StringEquals':
          return list(patterns).includes(value);
        case 'StringNotEquals':
          return !list(patterns).includes(value);
        case 'ArnLike':
        case 'ArnEquals':
        case 'StringLike':
          return list(patterns).some((pattern) => like(pattern, value));
        default:
          return false; // an unknown operator does not allow access
      }
    }),
  );
}

/** Matches `*` and `?`. It does not use a regular expression, because a policy could make that slow. */
function like(pattern: string, value: string): boolean {
  let p = 0, v = 0, star = -1, resume = 0;
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = v;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === value[v])) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
