import type { Engine, TemplateInput } from './engine/engine';
import type { Stack } from './engine/stack';
import { physicalName } from './physical-name';
import { ResourceFailure, type Properties, type ResourceContext } from './resource-handler';
import type { Made, ResourceType } from './resource-type';
import { templateAt, type GetObject } from './templates/template-at';

/** The maximum length of the name of a stack. */
const MAXIMUM_NAME_LENGTH = 128;

/**
 * The type `AWS::CloudFormation::Stack`: a stack in a stack, with a template in a local bucket.
 *
 * @param engine Returns the engine, which exists after its resource types.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
 */
export function nestedStackType(engine: () => Engine, getObject: GetObject): ResourceType {
  /** A nested stack has the options of its parent. */
  const inputOf = (properties: Properties, context: ResourceContext): TemplateInput => {
    const { TemplateURL, Parameters = {}, Tags = [] } = properties;
    const parent = engine().stack(context.stackId);
    const own = new Set((Tags as { Key: string }[]).map(({ Key }) => Key));
    return {
      templateBody: templateAt(String(TemplateURL), getObject),
      parameters: Object.entries(Parameters as Properties).map(([ParameterKey, value]) => ({
        // A list is the value of a parameter of a list type.
        ParameterKey, ParameterValue: Array.isArray(value) ? value.join(',') : String(value),
      })),
      tags: [...parent.tags.filter(({ Key }) => !own.has(Key)), ...Tags as TemplateInput['tags'] & object],
      capabilities: parent.capabilities,
      roleArn: parent.roleArn,
      deploymentConfig: parent.deploymentConfig,
      disableRollback: parent.disableRollback,
      clientRequestToken: parent.clientRequestToken,
    };
  };
  const end = async (
    stack: Stack, context: ResourceContext, done: string, status: string, earlierEvents = 0,
  ): Promise<void> => {
    const cancel = () => stack.cancel?.();
    context.signal.addEventListener('abort', cancel);
    await stack.operation;
    context.signal.removeEventListener('abort', cancel);
    if (stack.status === status) return;
    const events = stack.events.slice(earlierEvents);
    throw new ResourceFailure(
      `Embedded stack ${stack.id} was not successfully ${done}. Currently in ${stack.status} with reason: `
      + (events.find(({ ResourceStatus }) => /_FAILED$|ROLLBACK_IN_PROGRESS$/.test(ResourceStatus))
        ?.ResourceStatusReason ?? ''),
      stack.id,
      context.signal.aborted,
    );
  };

  return {
    required: ['TemplateURL'],
    async create(properties, context): Promise<Made> {
      const name = physicalName(context, MAXIMUM_NAME_LENGTH);
      const stack = engine().createStack(name, inputOf(properties, context), context.stackId);
      await end(stack, context, 'created', 'CREATE_COMPLETE');
      return { physicalId: stack.id };
    },
    async update(properties, { physicalId }, context) {
      const input = inputOf(properties, context);
      const stack = engine().stack(physicalId);
      if (!engine().hasChanges(stack, input)) return;
      const earlierEvents = stack.events.length;
      engine().updateStack(physicalId, input);
      await end(stack, context, 'updated', 'UPDATE_COMPLETE', earlierEvents);
    },
    async delete({ physicalId }, context) {
      const earlierEvents = engine().find(physicalId)?.events.length;
      const stack = engine().deleteStack(physicalId);
      if (stack) await end(stack, context, 'deleted', 'DELETE_COMPLETE', earlierEvents);
    },
    attribute(name, { physicalId }) {
      const outputs = engine().stack(physicalId).outputs;
      return outputs.find(({ OutputKey }) => name === `Outputs.${OutputKey}`)?.OutputValue;
    },
  };
}
