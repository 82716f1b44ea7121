import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';

/** A stack of an app of its own. */
export function newStack(props?: StackProps): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', props);
}

/** The properties of the one resource of the type. */
export function onlyResource(scope: IConstruct, type: string) {
  const resources = Object.values(Template.fromStack(Stack.of(scope)).findResources(type));
  expect(resources).toHaveLength(1);
  return resources[0]!;
}

/** The properties of the only room, without what every custom resource has. */
export function roomProperties(scope: IConstruct) {
  const { ServiceToken, ServiceTimeout, Name, ...properties } = onlyResource(scope, 'Custom::IVSChatRoom').Properties;
  return properties;
}

/** With the ids by which they are acknowledged, without the prefix that CDK's versions write in different cases. */
export function warningsOf(scope: IConstruct): string[] {
  return Annotations.fromStack(Stack.of(scope)).findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data).replace(/\[ack: annotation::/i, '[ack: '));
}
