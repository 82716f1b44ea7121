import { authorize, type Caller } from './authorize';
import { newId } from '../ids';
import { page, type PageRequest } from './pagination';
import { inRegion } from './resource-access';
import {
  loggingConfigurationState,
  type DestinationConfiguration,
  type LoggingConfiguration,
} from '../state/resource-store';
import type { OperationHandler, ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';

export const CreateLoggingConfiguration: OperationHandler<{
  readonly name?: string;
  readonly destinationConfiguration: DestinationConfiguration;
  readonly tags?: { readonly [key: string]: string };
}> = (service, caller, input) => {
  const tags = input.tags ?? {};
  authorize(caller, 'CreateLoggingConfiguration', arns(caller, '*'), { tags });
  if (Object.keys(tags).length) authorize(caller, 'TagResource', arns(caller, '*'), { tags });
  const id = newId(service.random);
  const arn = arns(caller, id);
  const limit = service.quotas.loggingConfigurations;
  removeDeleted(service);
  if (service.loggingConfigurations.count(arns(caller, '')) >= limit) {
    throw IvsChatError.quotaExceeded(
      arn,
      `The account has reached its quota of ${limit} logging configurations`,
      limit,
    );
  }
  const time = new Date(service.clock.now()).toISOString();
  const created: LoggingConfiguration = {
    arn,
    id,
    tags,
    name: input.name ?? '',
    createTime: time,
    updateTime: time,
    destinationConfiguration: input.destinationConfiguration,
    ...transition(service, 'CREATING'),
  };
  service.loggingConfigurations.put(created);
  return { ...shown(service, created), state: 'ACTIVE' }; // the only state in the model of this operation
};

export const GetLoggingConfiguration: OperationHandler<{ readonly identifier: string }> = (
  service,
  caller,
  { identifier },
) => {
  const found = service.loggingConfigurations.read(identifier);
  authorize(caller, 'GetLoggingConfiguration', identifier, { resourceTags: found?.tags });
  return shown(service, inRegion(caller, identifier, present(service, found)));
};

export const ListLoggingConfigurations: OperationHandler<PageRequest> = (service, caller, input) => {
  authorize(caller, 'ListLoggingConfigurations', arns(caller, '*'));
  const all = service.loggingConfigurations.list(arns(caller, '')).filter(({ resource }) => present(service, resource));
  const { items, nextToken } = page(service, arns(caller, ''), all, input);
  return { loggingConfigurations: items.map((item) => shown(service, item)), nextToken };
};

export const UpdateLoggingConfiguration: OperationHandler<{
  readonly identifier: string; readonly name?: string; readonly destinationConfiguration?: DestinationConfiguration;
}> = (service, caller, input) => {
  const current = settled(service, caller, 'UpdateLoggingConfiguration', input.identifier);
  const updated: LoggingConfiguration = {
    ...current,
    name: input.name ?? current.name,
    destinationConfiguration: input.destinationConfiguration ?? current.destinationConfiguration,
    updateTime: new Date(service.clock.now()).toISOString(),
    ...transition(service, 'UPDATING'),
  };
  service.loggingConfigurations.put(updated);
  return { ...shown(service, updated), state: 'ACTIVE' };
};

export const DeleteLoggingConfiguration: OperationHandler<{ readonly identifier: string }> = (
  service,
  caller,
  { identifier },
) => {
  const current = settled(service, caller, 'DeleteLoggingConfiguration', identifier);
  for (const room of service.rooms.all()) {
    if (room.loggingConfigurationIdentifiers.includes(identifier)) {
      throw IvsChatError.conflict(
        identifier,
        `The logging configuration is associated with the room ${room.arn}. Remove it from all rooms first.`,
      );
    }
  }
  if (service.transitionMilliseconds === 0) service.loggingConfigurations.delete(identifier);
  else service.loggingConfigurations.put({ ...current, ...transition(service, 'DELETING') });
};

const arns = (caller: Caller, id: string) =>
  `arn:aws:ivschat:${caller.region}:${caller.identity.accountId}:logging-configuration/${id}`;

function transition(
  service: ServiceState,
  state: 'CREATING' | 'UPDATING' | 'DELETING',
): Pick<LoggingConfiguration, 'transition'> {
  const { transitionMilliseconds } = service;
  return {
    transition: transitionMilliseconds ? { state, until: service.clock.now() + transitionMilliseconds } : undefined,
  };
}

/** Returns the logging configuration, or undefined if its deletion has completed. */
export function present(
  service: ServiceState,
  found: LoggingConfiguration | undefined,
): LoggingConfiguration | undefined {
  if (found?.transition?.state !== 'DELETING' || found.transition.until > service.clock.now()) return found;
  service.loggingConfigurations.delete(found.arn);
  return undefined;
}

/** Removes each logging configuration after its deletion has completed, so that it does not count for the quota. */
function removeDeleted(service: ServiceState): void {
  for (const found of service.loggingConfigurations.all()) present(service, found);
}

function shown(service: ServiceState, configuration: LoggingConfiguration): object {
  const { transition: _, ...members } = configuration;
  return { ...members, state: loggingConfigurationState(configuration, service.clock.now()) };
}

/** Returns the logging configuration for a change. @throws ConflictException unless it is ACTIVE */
function settled(service: ServiceState, caller: Caller, operation: string, arn: string): LoggingConfiguration {
  const found = present(service, service.loggingConfigurations.get(arn));
  authorize(caller, operation, arn, { resourceTags: found?.tags });
  const current = inRegion(caller, arn, found);
  const state = loggingConfigurationState(current, service.clock.now());
  if (state !== 'ACTIVE') {
    throw IvsChatError.conflict(arn, `The logging configuration is ${state}. Try again when it is ACTIVE.`);
  }
  return current;
}
