import { physicalName } from '../cloudformation/physical-name';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { ParameterStore } from './parameter-store';

export function ssmResourceTypes(parameters: ParameterStore): ResourceTypes {
  const put = (name: string, { Type, Value }: Properties) => {
    parameters.put(name, String(Value), Type as 'String');
    return { Type, Value: String(Value) };
  };

  return {
    'AWS::SSM::Parameter': {
      required: ['Type', 'Value'],
      createOnly: ['Name'],
      create: (properties, context) => {
        const name = String(properties.Name ?? `CFN-${physicalName(context)}`);
        if (parameters.get(name)?.seeded === false) throw new ResourceFailure(`${name} already exists`);

        return { physicalId: name, attributes: put(name, properties) };
      },
      update: (properties, { physicalId }) => put(physicalId, properties),
      delete: ({ physicalId }) => void parameters.remove(physicalId),
    },
  };
}
