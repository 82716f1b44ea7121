import { PropertyInjectors } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/**
 * Returns the properties from the closest property injector of a class, or the same properties without an injector.
 *
 * The CDK has a class decorator for this, but does not export it publicly.
 */
export function injectProperties<Props>(uniqueId: string, scope: Construct, id: string, props: Props): Props {
  for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
    if (!PropertyInjectors.hasPropertyInjectors(at)) continue;
    const injector = PropertyInjectors.of(at as IConstruct).for(uniqueId);
    if (injector) return injector.inject(props, { scope, id });
  }
  return props;
}
