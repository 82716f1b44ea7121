import { authorize, type Caller } from './authorize';
import { newId } from '../ids';
import { present } from './logging-configuration-operations';
import { mayInvoke } from './message-review-permission';
import { page, type PageRequest } from './pagination';
import { inRegion, roomFor } from './resource-access';
import type { Room } from '../state/resource-store';
import type { OperationHandler, ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';
import { ROOM_DEFAULTS } from '../../../src/contract/room-properties';

interface RoomSettings {
  readonly name?: string;
  readonly maximumMessageRatePerSecond?: number;
  readonly maximumMessageLength?: number;
  readonly messageReviewHandler?: { readonly uri?: string; readonly fallbackResult?: 'ALLOW' | 'DENY' };
  readonly loggingConfigurationIdentifiers?: readonly string[];
}
type Tags = { readonly [key: string]: string };

export const CreateRoom: OperationHandler<RoomSettings & { readonly tags?: Tags }> = async (service, caller, input) => {
  const tags = input.tags ?? {};
  authorize(caller, 'CreateRoom', roomArns(caller, '*'), { tags });
  if (Object.keys(tags).length) authorize(caller, 'TagResource', roomArns(caller, '*'), { tags });
  const id = newId(service.random);
  const arn = roomArns(caller, id);
  const time = new Date(service.clock.now()).toISOString();
  const room: Room = {
    arn,
    id,
    tags,
    createTime: time,
    updateTime: time,
    name: input.name ?? ROOM_DEFAULTS.name,
    maximumMessageLength: input.maximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength,
    maximumMessageRatePerSecond: input.maximumMessageRatePerSecond ?? ROOM_DEFAULTS.maximumMessageRatePerSecond,
    messageReviewHandler: reviewHandler(input.messageReviewHandler),
    loggingConfigurationIdentifiers: input.loggingConfigurationIdentifiers ?? [],
  };
  await validateAssociations(service, arn, input);
  if (service.rooms.count(roomArns(caller, '')) >= service.quotas.rooms) {
    throw IvsChatError.quotaExceeded(
      arn,
      `The account has reached its quota of ${service.quotas.rooms} rooms`,
      service.quotas.rooms,
    );
  }
  service.rooms.put(room);
  return room;
};

export const GetRoom: OperationHandler<{ readonly identifier: string }> = (service, caller, { identifier }) => {
  const room = service.rooms.read(identifier);
  authorize(caller, 'GetRoom', identifier, { resourceTags: room?.tags });
  return inRegion(caller, identifier, room);
};

export const ListRooms: OperationHandler<PageRequest & {
  readonly name?: string; readonly messageReviewHandlerUri?: string; readonly loggingConfigurationIdentifier?: string;
}> = (service, caller, input) => {
  authorize(caller, 'ListRooms', roomArns(caller, '*'));
  const { name, messageReviewHandlerUri: uri, loggingConfigurationIdentifier: logging } = input;
  if (logging !== undefined && !present(service, service.loggingConfigurations.read(logging))) {
    throw IvsChatError.notFound(logging);
  }
  const rooms = service.rooms.list(roomArns(caller, '')).filter(({ resource }) =>
    (name === undefined || resource.name === name)
    && (uri === undefined || (resource.messageReviewHandler?.uri ?? '') === uri)
    && (logging === undefined || resource.loggingConfigurationIdentifiers.includes(logging)));
  const { items, nextToken } = page(service, roomArns(caller, '') + JSON.stringify([name, uri, logging]), rooms, input);
  return {
    rooms: items.map(({ maximumMessageLength, maximumMessageRatePerSecond, ...summary }) => summary),
    nextToken,
  };
};

export const UpdateRoom: OperationHandler<RoomSettings & { readonly identifier: string }> = async (
  service,
  caller,
  input,
) => {
  const { arn } = roomFor(service, caller, 'UpdateRoom', input.identifier);
  await validateAssociations(service, arn, input);
  const current = service.rooms.get(arn); // another request may have changed or deleted the room in the meantime
  if (!current) throw IvsChatError.notFound(arn);
  const updated: Room = {
    ...current,
    updateTime: new Date(service.clock.now()).toISOString(),
    name: input.name ?? current.name,
    maximumMessageLength: input.maximumMessageLength ?? current.maximumMessageLength,
    maximumMessageRatePerSecond: input.maximumMessageRatePerSecond ?? current.maximumMessageRatePerSecond,
    // A missing member keeps its value, so that a change of the fallback result does not remove the handler.
    messageReviewHandler: reviewHandler({
      ...current.messageReviewHandler,
      ...withoutAbsent(input.messageReviewHandler),
    }),
    loggingConfigurationIdentifiers: input.loggingConfigurationIdentifiers ?? current.loggingConfigurationIdentifiers,
  };
  service.rooms.put(updated);
  return updated;
};

export const DeleteRoom: OperationHandler<{ readonly identifier: string }> = (service, caller, { identifier }) => {
  const { arn } = roomFor(service, caller, 'DeleteRoom', identifier);
  service.rooms.delete(arn);
  service.messaging.closeRoom(arn);
};

const roomArns = (caller: Caller, id: string) =>
  `arn:aws:ivschat:${caller.region}:${caller.identity.accountId}:room/${id}`;

function withoutAbsent<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, member]) => member !== undefined)) as Partial<T>;
}

function reviewHandler(given: RoomSettings['messageReviewHandler']): Room['messageReviewHandler'] {
  return given?.uri ? { uri: given.uri, fallbackResult: given.fallbackResult ?? 'ALLOW' } : undefined;
}

/** Validates the message review handler and the logging configurations of a room. */
async function validateAssociations(service: ServiceState, arn: string, input: RoomSettings): Promise<void> {
  const identifiers = input.loggingConfigurationIdentifiers ?? [];
  const twice = identifiers.findIndex((identifier, index) => identifiers.indexOf(identifier) !== index);
  if (twice >= 0) {
    throw IvsChatError.invalidFields([
      { path: `loggingConfigurationIdentifiers[${twice}]`, message: 'must not be given twice' },
    ]);
  }
  const [, , , region, account] = arn.split(':');
  for (const identifier of identifiers) {
    const found = service.loggingConfigurations.get(identifier);
    if (
      !found
      || found.transition?.state === 'DELETING'
      || identifier.split(':').slice(3, 5).join() !== [region, account].join()
    ) {
      throw IvsChatError.notFound(identifier);
    }
  }
  const uri = input.messageReviewHandler?.uri;
  if (!uri) return;
  const invalid = (message: string) => IvsChatError.invalidFields([{ path: 'uri', message }]);
  if (uri.split(':').slice(3, 5).join() !== [region, account].join()) {
    throw invalid(`must be a function in the account ${account} and Region ${region} of the room`);
  }
  if (service.faults.take('permissionNotPropagated')) throw invalid('invalid lambda permission');
  if (!service.functionPolicy) return;
  const policy = await service.functionPolicy(uri);
  if (!policy || !mayInvoke(policy, arn)) throw invalid('invalid lambda permission');
}
