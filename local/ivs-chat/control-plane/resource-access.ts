import { authorize, type Caller } from './authorize';
import type { Room } from '../state/resource-store';
import type { ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';

/** Authorizes an operation on a room and returns the room. */
export function roomFor(service: ServiceState, caller: Caller, operation: string, arn: string): Room {
  const found = service.rooms.get(arn);
  authorize(caller, operation, arn, { resourceTags: found?.tags });
  return inRegion(caller, arn, found);
}

/** Returns the resource if it exists in the Region of the request. @throws ResourceNotFoundException */
export function inRegion<T>(caller: Caller, arn: string, resource: T | undefined): T {
  if (!resource || arn.split(':')[3] !== caller.region) throw IvsChatError.notFound(arn);
  return resource;
}
