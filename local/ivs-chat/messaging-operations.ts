import type { Capability } from './chat-tokens';
import { roomFor } from './resource-access';
import type { OperationHandler } from './service';

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

export const SendEvent: OperationHandler<{ readonly roomIdentifier: string; readonly eventName: string; readonly attributes?: Attributes }> = (
  service, caller, input,
) => ({ id: service.messaging.sendEvent(roomFor(service, caller, 'SendEvent', input.roomIdentifier).arn, input.eventName, input.attributes) });

export const DeleteMessage: OperationHandler<{ readonly roomIdentifier: string; readonly id: string; readonly reason?: string }> = (
  service, caller, input,
) => ({ id: service.messaging.deleteMessage(roomFor(service, caller, 'DeleteMessage', input.roomIdentifier).arn, input.id, input.reason) });

export const DisconnectUser: OperationHandler<{ readonly roomIdentifier: string; readonly userId: string; readonly reason?: string }> = (
  service, caller, input,
) => {
  service.messaging.disconnectUser(roomFor(service, caller, 'DisconnectUser', input.roomIdentifier).arn, input.userId, input.reason);
};
