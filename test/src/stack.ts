import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';

/** Creates a stack in a new app. */
export function newStack(props?: StackProps): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', props);
}

/** Returns the only resource of a type. */
export function onlyResource(scope: IConstruct, type: string) {
  const resources = Object.values(Template.fromStack(Stack.of(scope)).findResources(type));
  expect(resources).toHaveLength(1);
  return resources[0]!;
}

/** Returns the properties of the only room, without the properties of every custom resource. */
export function roomProperties(scope: IConstruct) {
  const { ServiceToken, ServiceTimeout, Name, ...properties } = onlyResource(scope, 'Custom::IVSChatRoom').Properties;
  return properties;
}

/** Returns the warnings with their IDs. The prefix is removed because its case differs between versions of the CDK. */
export function warningsOf(scope: IConstruct): string[] {
  return Annotations.fromStack(Stack.of(scope)).findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data).replace(/\[ack: annotation::/i, '[ack: '));
}
