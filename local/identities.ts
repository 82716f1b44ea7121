import { randomBytes } from 'node:crypto';

/** Somebody whose signature the local services accept. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for temporary credentials; a request must then carry it. */
  readonly sessionToken?: string;
  readonly accountId: string;
  /** The user or assumed-role ARN, as `sts:GetCallerIdentity` tells it. */
  readonly arn: string;
  /** Whether IAM allows this. Left out: everything is allowed, as to an administrator. */
  readonly allows?: (action: string, resource: string, context: AuthorizationContext) => boolean;
}

/** IAM condition keys of one request, such as `aws:RequestTag/team` or `aws:ResourceTag/team`. */
export type AuthorizationContext = { readonly [conditionKey: string]: string | readonly string[] };

/**
 * The identities that the local services share: an administrator, whose keys are made anew for each process, and the
 * roles that deployed functions run with.
 */
export class Identities {
  readonly administrator: Identity;
  private readonly byAccessKeyId = new Map<string, Identity>();

  /** @param accountId twelve digits */
  constructor(readonly accountId = '123456789012') {
    this.administrator = this.add({
      ...newKeys('AKIA'),
      accountId,
      arn: `arn:aws:iam::${accountId}:user/local`,
    });
  }

  add(identity: Identity): Identity {
    this.byAccessKeyId.set(identity.accessKeyId, identity);
    return identity;
  }

  /** Temporary credentials for a role session. */
  assumeRole(arn: string, allows: Identity['allows']): Identity {
    return this.add({ ...newKeys('ASIA'), sessionToken: randomBytes(120).toString('base64'), accountId: this.accountId, arn, allows });
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
