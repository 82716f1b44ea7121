import { randomBytes } from 'node:crypto';

/** A caller that the local services accept. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The session token of temporary credentials. Requests must send it. */
  readonly sessionToken?: string;
  readonly accountId: string;
  /** The ARN of the user or of the assumed role, as `sts:GetCallerIdentity` returns it. */
  readonly arn: string;
  /** Returns whether IAM allows an action. @default - every action is allowed */
  readonly allows?: (action: string, resource: string, context: AuthorizationContext) => boolean;
}

/** The IAM condition keys of a request, such as `aws:RequestTag/team` or `aws:ResourceTag/team`. */
export type AuthorizationContext = { readonly [conditionKey: string]: string | readonly string[] };

/**
 * The identities that the local services share: an administrator and the role sessions of deployed functions. Each
 * process creates new keys.
 */
export class Identities {
  readonly administrator: Identity;
  private readonly byAccessKeyId = new Map<string, Identity>();

  /**
   * @param accountId The account ID, twelve digits.
   * @param credentials The credentials of the administrator. The default is new credentials.
   */
  constructor(
    readonly accountId = '123456789012',
    credentials: Pick<Identity, 'accessKeyId' | 'secretAccessKey'> = newKeys('AKIA'),
  ) {
    this.administrator = this.add({
      ...credentials,
      accountId,
      arn: `arn:aws:iam::${accountId}:user/local`,
    });
  }

  add(identity: Identity): Identity {
    this.byAccessKeyId.set(identity.accessKeyId, identity);
    return identity;
  }

  /** Creates temporary credentials for a role session. */
  assumeRole(arn: string, allows: Identity['allows']): Identity {
    return this.add({
      ...newKeys('ASIA'),
      sessionToken: randomBytes(120).toString('base64'),
      accountId: this.accountId,
      arn,
      allows,
    });
  }

  remove(accessKeyId: string): void {
    this.byAccessKeyId.delete(accessKeyId);
  }

  find(accessKeyId: string): Identity | undefined {
    return this.byAccessKeyId.get(accessKeyId);
  }
}

function newKeys(prefix: 'AKIA' | 'ASIA') {
  return {
    accessKeyId: prefix + randomBytes(8).toString('hex').toUpperCase(),
    secretAccessKey: randomBytes(30).toString('base64'),
  };
}
