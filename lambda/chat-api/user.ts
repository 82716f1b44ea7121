import type { Claims, HttpEvent } from './http-event';
import { ProblemError } from './problem-error';
import type { ChatApiConfiguration } from '../../src/contract/chat-api/configuration';
import { STANDARD_ROLES, type RoleRights } from '../../src/contract/chat-api/roles';
import { codePoints, utf8Bytes } from '../../src/contract/check';

/** The user who sent a request, with the rights of all roles of the user. */
export interface User {
  readonly id: string;
  readonly displayName?: string;
  /** The role with the most operations. */
  readonly role: string;
  readonly capabilities: RoleRights['capabilities'];
  readonly operations: RoleRights['operations'];
}

/** The claim with the groups of an Amazon Cognito user pool. Names of groups contain no blanks. */
const COGNITO_GROUPS = 'cognito:groups';
/** The maximum size of a display name in UTF-8. All attributes of a token together can have 1024 bytes. */
const MAXIMUM_DISPLAY_NAME_BYTES = 256;

/**
 * Returns the user of a request. Everything comes from the identity that API Gateway has verified, and nothing from the
 * request.
 *
 * @throws ProblemError if the identity has no valid user ID.
 */
export function userOf({ requestContext }: HttpEvent, configuration: ChatApiConfiguration): User {
  const { jwt, lambda, iam } = requestContext?.authorizer ?? {};
  const isJwt = jwt?.claims !== undefined;
  const claims: Claims = { ...jwt?.claims ?? lambda ?? (iam && iamClaims(iam)) };
  if (!isTokenForAnApi(claims)) throw new ProblemError('unauthenticated');

  const id = userIdOf(claim(claims, configuration.claims.userId), isJwt);
  const names = isAnonymous(claims) ? ['guest'] : roleNames(claims, configuration, isJwt);
  const roles = names.map((name) => ({ name, ...rightsOf(name, configuration)! }));
  const [main] = [...roles].sort((one, other) =>
    other.operations.length - one.operations.length || (one.name < other.name ? -1 : 1));
  return {
    id,
    displayName: displayNameOf(claim(claims, configuration.claims.displayName)),
    role: main!.name,
    capabilities: [...new Set(roles.flatMap(({ capabilities }) => capabilities))],
    operations: [...new Set(roles.flatMap(({ operations }) => operations))],
  };
}

/** Returns a claim. Claims such as `constructor` must not find members that all objects have. */
function claim(claims: Claims, name: string | undefined): unknown {
  return name !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** The members of an IAM identity by name. Those of an identity pool have the prefix `cognitoIdentity.`. */
function iamClaims({ cognitoIdentity, ...members }: Claims & { readonly cognitoIdentity?: Claims | null }): Claims {
  const inner = Object.entries(cognitoIdentity ?? {});
  return { ...members, ...Object.fromEntries(inner.map(([name, value]) => [`cognitoIdentity.${name}`, value])) };
}

/** A user pool issues access tokens and ID tokens, and `token_use` tells them apart from its other tokens. */
function isTokenForAnApi(claims: Claims): boolean {
  const use = claim(claims, 'token_use');
  const isFromUserPool = /^https:\/\/cognito-idp\./.test(String(claim(claims, 'iss')));
  return use === undefined ? !isFromUserPool : use === 'access' || use === 'id';
}

function isAnonymous(claims: Claims): boolean {
  const methods = claim(claims, 'cognitoIdentity.amr');
  return String(claim(claims, 'is_anonymous')) === 'true'
    || (Array.isArray(methods) && methods.includes('unauthenticated'));
}

/** Two arrays can result in the same text, so the text of an array is no user ID. */
function userIdOf(value: unknown, isJwt: boolean): string {
  const isText = typeof value === 'string' && !/\p{Cc}|\p{Cs}/u.test(value);
  if (!isText || value.trim() === '' || codePoints(value) > 128 || (isJwt && isTextOfArray(value))) {
    throw new ProblemError('unauthenticated');
  }
  return value;
}

const isTextOfArray = (text: string) => /^\[.*\]$/s.test(text);

/** Returns the roles of a user, which is the default role if the claim contains no role. */
function roleNames(claims: Claims, configuration: ChatApiConfiguration, isJwt: boolean): string[] {
  const { role: claimName } = configuration.claims;
  const value = claim(claims, claimName);
  const texts = isJwt && typeof value === 'string' ? textsOf(value, claimName!) : [value].flat();
  const names = texts.filter((name): name is string =>
    typeof name === 'string' && Object.hasOwn(configuration.roles, name));
  return names.length > 0 ? [...new Set(names)] : [configuration.defaultRole];
}

/**
 * Returns the texts of a claim. API Gateway converts the arrays `["chat admin"]` and `["chat", "admin"]` to the same
 * text, `[chat admin]`. So an array with blanks is only read from the groups of a user pool, which have names without
 * blanks.
 */
function textsOf(value: string, claimName: string): string[] {
  if (!isTextOfArray(value)) return [value];
  const texts = value.slice(1, -1).split(' ');
  return texts.length === 1 || claimName === COGNITO_GROUPS ? texts : [];
}

/** Returns the rights of a role of the configuration, or of a standard role. */
export function rightsOf(name: string, { roles }: ChatApiConfiguration): RoleRights | undefined {
  const role = Object.hasOwn(roles, name) ? roles[name]! : name;
  if (typeof role !== 'string') return role;
  return Object.hasOwn(STANDARD_ROLES, role) ? STANDARD_ROLES[role as keyof typeof STANDARD_ROLES] : undefined;
}

/** Control characters, lone surrogates, line separators, and the characters that change the direction of text. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a display name that is safe to show and fits into the attributes of a token. */
function displayNameOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  let name = '';
  let bytes = 0;
  for (const character of value.replace(UNSAFE, ' ').trim().replace(/\s+/g, ' ')) {
    bytes += utf8Bytes(character);
    if (bytes > MAXIMUM_DISPLAY_NAME_BYTES) break;
    name += character;
  }
  return name.trim() || undefined;
}
