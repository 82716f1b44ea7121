import type { Clock } from '../../clock';
import type { Identities } from '../http/identities';
import type { Roles } from '../iam/roles';
import { ServiceError } from '../http/service-error';
import { queryService } from '../http/query-service';
import { authorize, type Service } from '../http/service';

/** Creates the STS API. Only the administrator can assume roles that no stack has deployed. */
export function stsService(identities: Identities, roles: Roles, clock: Pick<Clock, 'now'>): Service {
  return queryService('sts', 'https://sts.amazonaws.com/doc/2011-06-15/', {
    GetCallerIdentity: (_, { identity }) => ({
      Arn: identity.arn,
      UserId: identity.accessKeyId,
      Account: identity.accountId,
    }),
    AssumeRole: ({ RoleArn, RoleSessionName, DurationSeconds, ExternalId }, { identity }) => {
      const match = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(String(RoleArn));
      if (!match) throw new ServiceError('ValidationError', `${String(RoleArn)} is invalid`);
      authorize(identity, 'sts:AssumeRole', String(RoleArn));
      const role = roles.get(String(RoleArn));
      const context = {
        'sts:RoleSessionName': String(RoleSessionName),
        ...(ExternalId === undefined ? {} : { 'sts:ExternalId': String(ExternalId) }),
      };
      const trusted = role ? roles.trusts(role, identity, context) : identity === identities.administrator;
      if (!trusted || match[1] !== identities.accountId) {
        throw new ServiceError(
          'AccessDenied',
          `User: ${identity.arn} is not authorized to perform: sts:AssumeRole on resource: ${String(RoleArn)}`,
          403,
        );
      }
      const session = identities.assumeRole(
        `arn:aws:sts::${match[1]}:assumed-role/${match[2]}/${String(RoleSessionName)}`,
        role && roles.allowsOf(role.name),
      );
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(clock.now() + Number(DurationSeconds ?? 3600) * 1000),
        },
        AssumedRoleUser: { AssumedRoleId: `${session.accessKeyId}:${String(RoleSessionName)}`, Arn: session.arn },
      };
    },
  });
}
