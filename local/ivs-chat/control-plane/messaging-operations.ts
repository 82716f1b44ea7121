import type { Capability } from '../messaging/chat-tokens';
import { accountWide } from '../rate-limit';
import { roomFor } from './resource-access';
import type { OperationHandler, ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';

type Attributes = { readonly [key: string]: string };
const DEFAULT_SESSION_MINUTES = 60;

export const CreateChatToken: OperationHandler<{
  readonly roomIdentifier: string;
  readonly userId: string;
  readonly capabilities?: readonly Capability[];
  readonly sessionDurationInMinutes?: number;
  readonly attributes?: Attributes;
}> = (service, caller, input) => {
  const { arn } = roomFor(service, caller, 'CreateChatToken', input.roomIdentifier);
  const { token, grant } = service.tokens.issue({
    roomArn: arn,
    userId: input.userId,
    attributes: input.attributes ?? {},
    capabilities: input.capabilities ?? [],
    sessionExpirationTime: service.clock.now() + (input.sessionDurationInMinutes ?? DEFAULT_SESSION_MINUTES) * 60_000,
  });
  return {
    token,
    tokenExpirationTime: new Date(grant.tokenExpirationTime).toISOString(),
    sessionExpirationTime: new Date(grant.sessionExpirationTime).toISOString(),
  };
};

export const SendEvent: OperationHandler<{
  readonly roomIdentifier: string;
  readonly eventName: string;
  readonly attributes?: Attributes;
}> = (service, caller, input) => ({
  id: service.messaging.sendEvent(
    roomFor(service, caller, 'SendEvent', input.roomIdentifier).arn,
    input.eventName,
    input.attributes,
  ),
});

export const DeleteMessage: OperationHandler<{
  readonly roomIdentifier: string;
  readonly id: string;
  readonly reason?: string;
}> = (service, caller, input) => {
  const { arn } = roomFor(service, caller, 'DeleteMessage', input.roomIdentifier);
  limit(service, service.quotas.deleteMessagePerSecond, 'DeleteMessage', arn);
  return { id: service.messaging.deleteMessage(arn, input.id, input.reason) };
};

export const DisconnectUser: OperationHandler<{
  readonly roomIdentifier: string;
  readonly userId: string;
  readonly reason?: string;
}> = (service, caller, input) => {
  const { arn } = roomFor(service, caller, 'DisconnectUser', input.roomIdentifier);
  limit(service, service.quotas.disconnectUserPerSecond, 'DisconnectUser', arn);
  service.messaging.disconnectUser(arn, input.userId, input.reason);
};

/** Applies the rate limit that the operation shares with requests over connections. */
function limit({ rates }: ServiceState, perSecond: number, operation: string, roomArn: string): void {
  if (!rates.take(accountWide(operation, roomArn), perSecond)) {
    throw IvsChatError.throttled(roomArn, `More than ${perSecond} ${operation} per second in all rooms`, perSecond);
  }
}
