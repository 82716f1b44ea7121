/**
 * How a room or a logging configuration is provisioned.
 *
 * The context key `cdk-ivs-chat:provisioning` sets the default of an app, a stage or a stack. Its value is the name of
 * a member, such as `CLOUDFORMATION`.
 */
export enum Provisioning {
  /**
   * A custom resource. The Lambda function of the library, one for each stack, creates, updates and deletes the
   * resource. All settings of the service are available, also in other Regions than the Region of the stack.
   */
  CUSTOM_RESOURCE = 'CUSTOM_RESOURCE',

  /**
   * The CloudFormation type `AWS::IVSChat::Room` or `AWS::IVSChat::LoggingConfiguration`. The stack needs no function
   * of the library, and `cdk import` and drift detection work. A room accepts at most 10 messages per second, its tags
   * must have values, and the resource is in the Region of the stack.
   */
  CLOUDFORMATION = 'CLOUDFORMATION',
}
