import { authorize, type Caller } from './authorize';
import { present } from './logging-configuration-operations';
import { inRegion } from './resource-access';
import type { OperationHandler, ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';
import { Tags as TagsShape } from '../../../src/contract/generated/constraints';

type Tags = { readonly [key: string]: string };

export const ListTagsForResource: OperationHandler<{ readonly resourceArn: string }> = (
  service,
  caller,
  { resourceArn },
) => {
  const found = storeOf(service, resourceArn).read(resourceArn);
  authorize(caller, 'ListTagsForResource', resourceArn, { resourceTags: found?.tags });
  return { tags: inRegion(caller, resourceArn, found).tags };
};

export const TagResource: OperationHandler<{ readonly resourceArn: string; readonly tags: Tags }> = (
  service,
  caller,
  { resourceArn, tags },
) => {
  change(service, caller, 'TagResource', resourceArn, { tags }, (current) => {
    const merged = { ...current, ...tags };
    const limit = TagsShape.maximum!;
    if (Object.keys(merged).length > limit) {
      throw IvsChatError.invalidFields([
        {
          path: 'tags',
          message: `must leave the resource with at most ${limit} tags, not ${Object.keys(merged).length}`,
        },
      ]);
    }
    return merged;
  });
};

export const UntagResource: OperationHandler<{ readonly resourceArn: string; readonly tagKeys: readonly string[] }> = (
  service, caller, { resourceArn, tagKeys },
) => {
  change(service, caller, 'UntagResource', resourceArn, { tagKeys }, (current) =>
    Object.fromEntries(Object.entries(current).filter(([key]) => !tagKeys.includes(key))));
};

function change(
  service: ServiceState, caller: Caller, operation: string, arn: string,
  request: { tags?: Tags; tagKeys?: readonly string[] }, next: (current: Tags) => Tags,
): void {
  const store = storeOf(service, arn);
  const found = store.get(arn);
  authorize(caller, operation, arn, { ...request, resourceTags: found?.tags });
  const resource = inRegion(caller, arn, found);
  store.put({ ...resource, tags: next(resource.tags) });
}

interface TaggedStore {
  get(arn: string): Tagged | undefined;
  read(arn: string): Tagged | undefined;
  put(resource: Tagged): void;
}
interface Tagged {
  readonly tags: Tags;
}

/** Returns the store of a room or logging configuration. Both have tags. */
function storeOf(service: ServiceState, arn: string): TaggedStore {
  if (arn.includes(':room/')) return service.rooms as unknown as TaggedStore;
  present(service, service.loggingConfigurations.get(arn)); // removes it if its deletion has completed
  return service.loggingConfigurations as unknown as TaggedStore;
}
