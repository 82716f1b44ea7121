import { RoomMaxMessageRatePerSecond, Tags } from './generated/constraints';

/**
 * The constraints of the CloudFormation type `AWS::IVSChat::Room` that are stricter than those of the service. The type
 * `AWS::IVSChat::LoggingConfiguration` has none.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ivschat-room.html
 */
export const CLOUDFORMATION_ROOM_LIMITS = {
  maximumMessageRatePerSecond: { ...RoomMaxMessageRatePerSecond, maximum: 10 },
  tags: { ...Tags, value: { ...Tags.value, minimum: 1 } },
} as const;
