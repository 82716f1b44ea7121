import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ChatRoomProviderOptions } from './chat-room-provider-options';
import { CONFIGURABLE_SCOPE, SECURITY_GROUP } from './private/expectations';
import { PROPERTY_NAMES, PROVIDER_OPTIONS } from './private/properties';
import { ControlPlaneProvider } from './private/provider/control-plane-provider';
import { addProviderOptions } from './private/provider/provider-options';
import { fail, validateArgument, validateProperties } from './private/validate';

/**
 * The provider function, which creates, updates and deletes the rooms and logging configurations of a stack. The
 * library adds one provider function to each stack with rooms or logging configurations.
 *
 * @example
 * declare const app: App;
 * declare const key: kms.Key;
 * ChatRoomProvider.configure(app, {
 *   logRetention: logs.RetentionDays.ONE_YEAR,
 *   logEncryptionKey: key,
 *   reservedConcurrentExecutions: 10,
 * });
 */
export class ChatRoomProvider {
  /**
   * Sets options for the provider functions of all stacks in a scope. The options of the closest scope take precedence,
   * each on its own. For example, a stack can change the memory and keep the other options of its app.
   *
   * Call this method before you create the first room or logging configuration of a stack. Later changes of options do
   * not affect rooms: CloudFormation updates the function only.
   *
   * @param scope An app, a stage or a stack.
   * @param options The options to set. Absent options keep the value of the outer scopes.
   */
  public static configure(scope: IConstruct, options: ChatRoomProviderOptions): void {
    validateArgument('scope', scope, CONFIGURABLE_SCOPE);
    validateProperties('options', options, PROVIDER_OPTIONS, PROPERTY_NAMES, scope);
    options.securityGroups?.forEach((securityGroup, index) => {
      validateArgument(`securityGroups[${index}]`, securityGroup, SECURITY_GROUP, scope);
    });
    const existing = ControlPlaneProvider.in(scope)[0];
    if (existing) {
      fail(scope, [`the stack ${Stack.of(existing).node.path} has a provider function already; call`
        + ' `ChatRoomProvider.configure` before you create the first room or logging configuration']);
    }
    addProviderOptions(scope, options);
  }

  private constructor() {}
}
