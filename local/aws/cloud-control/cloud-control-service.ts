import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { patch } from './patch';
import type { Engine } from '../cloudformation/engine/engine';
import type { Properties } from '../cloudformation/resource-handler';
import { jsonService, seconds, type JsonInput } from '../http/json-service';
import { authorize, type Service } from '../http/service';
import { ServiceError } from '../http/service-error';

/**
 * The Cloud Control API for the resources of deployed stacks. `cdk deploy --hotswap` updates resources with it. As on
 * AWS, the stack keeps the properties of its last deployment.
 */
export function cloudControlService(engine: Engine): Service {
  /** The current properties of resources that were updated here, by their properties in the stack. */
  const updated = new WeakMap<Properties, Properties>();

  const find = ({ TypeName, Identifier }: JsonInput) => {
    const found = engine.resource(String(TypeName), String(Identifier));
    if (found?.resource.state) return { ...found, state: found.resource.state };
    throw new ServiceError(
      'ResourceNotFoundException',
      `Resource of type '${TypeName}' with identifier '${Identifier}' was not found in the stacks of the local `
      + 'service.',
    );
  };

  return jsonService('cloudcontrolapi', {
    GetResource: (input, { identity }) => {
      authorize(identity, 'cloudformation:GetResource', '*', {}, 'AccessDeniedException');
      const { resource, state } = find(input);
      return {
        TypeName: resource.type,
        ResourceDescription: {
          Identifier: input.Identifier, Properties: JSON.stringify(updated.get(state.properties) ?? state.properties),
        },
      };
    },
    UpdateResource: async (input, { identity }) => {
      authorize(identity, 'cloudformation:UpdateResource', '*', {}, 'AccessDeniedException');
      const { resource, state, handler, context } = find(input);
      const before = updated.get(state.properties) ?? state.properties;
      const after = patch(before, String(input.PatchDocument));
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((name) => !isDeepStrictEqual(before[name], after[name]));
      if (handler.replaces(names) === 'True') {
        throw new ServiceError(
          'NotUpdatableException',
          `Invalid patch update: createOnlyProperties [${names.join(', ')}] cannot be updated`,
        );
      }
      const { attributes } = await handler.update(context, { ...state, properties: before }, after);
      resource.state = { ...state, attributes };
      updated.set(state.properties, after);
      return {
        ProgressEvent: {
          TypeName: resource.type,
          Identifier: input.Identifier,
          RequestToken: randomUUID(),
          Operation: 'UPDATE',
          OperationStatus: 'SUCCESS',
          EventTime: seconds(new Date()),
        },
      };
    },
  });
}
