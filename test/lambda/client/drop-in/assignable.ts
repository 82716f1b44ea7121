/**
 * The inputs of the SDK are assignable to ours, and our outputs to those of the SDK. A constant does not compile if one
 * operation differs.
 */
import type * as sdk from '@aws-sdk/client-ivschat';
import type * as ours from '../../../../lambda/client';

type Sdk = typeof sdk;
type Ours = typeof ours;
type CommandName = keyof Sdk & `${string}Command`;
type InputOf<Package, Name extends keyof Package> =
  Package[Name] extends new (input: infer Input) => any ? Input : never;

/** All commands, enums and exceptions of the SDK have the same names. `$Command` and `__Client` are internal. */
type Missing = Exclude<keyof Sdk, keyof Ours | '$Command' | '__Client'>;
export const missing: Missing extends never ? true : false = true;

type Differing<Name extends CommandName & keyof Ours> = InputOf<Sdk, Name> extends InputOf<Ours, Name> ? never : Name;
export type DifferingInputs = { [Name in CommandName & keyof Ours]: Differing<Name> }[CommandName & keyof Ours];
export const inputsFit: [DifferingInputs] extends [never] ? true : DifferingInputs = true;

interface SdkOutputs {
  CreateChatToken: sdk.CreateChatTokenCommandOutput;
  CreateLoggingConfiguration: sdk.CreateLoggingConfigurationCommandOutput;
  CreateRoom: sdk.CreateRoomCommandOutput;
  DeleteLoggingConfiguration: sdk.DeleteLoggingConfigurationCommandOutput;
  DeleteMessage: sdk.DeleteMessageCommandOutput;
  DeleteRoom: sdk.DeleteRoomCommandOutput;
  DisconnectUser: sdk.DisconnectUserCommandOutput;
  GetLoggingConfiguration: sdk.GetLoggingConfigurationCommandOutput;
  GetRoom: sdk.GetRoomCommandOutput;
  ListLoggingConfigurations: sdk.ListLoggingConfigurationsCommandOutput;
  ListRooms: sdk.ListRoomsCommandOutput;
  ListTagsForResource: sdk.ListTagsForResourceCommandOutput;
  SendEvent: sdk.SendEventCommandOutput;
  TagResource: sdk.TagResourceCommandOutput;
  UntagResource: sdk.UntagResourceCommandOutput;
  UpdateLoggingConfiguration: sdk.UpdateLoggingConfigurationCommandOutput;
  UpdateRoom: sdk.UpdateRoomCommandOutput;
}
interface OurOutputs {
  CreateChatToken: ours.CreateChatTokenCommandOutput;
  CreateLoggingConfiguration: ours.CreateLoggingConfigurationCommandOutput;
  CreateRoom: ours.CreateRoomCommandOutput;
  DeleteLoggingConfiguration: ours.DeleteLoggingConfigurationCommandOutput;
  DeleteMessage: ours.DeleteMessageCommandOutput;
  DeleteRoom: ours.DeleteRoomCommandOutput;
  DisconnectUser: ours.DisconnectUserCommandOutput;
  GetLoggingConfiguration: ours.GetLoggingConfigurationCommandOutput;
  GetRoom: ours.GetRoomCommandOutput;
  ListLoggingConfigurations: ours.ListLoggingConfigurationsCommandOutput;
  ListRooms: ours.ListRoomsCommandOutput;
  ListTagsForResource: ours.ListTagsForResourceCommandOutput;
  SendEvent: ours.SendEventCommandOutput;
  TagResource: ours.TagResourceCommandOutput;
  UntagResource: ours.UntagResourceCommandOutput;
  UpdateLoggingConfiguration: ours.UpdateLoggingConfigurationCommandOutput;
  UpdateRoom: ours.UpdateRoomCommandOutput;
}
export const outputsFit: OurOutputs extends SdkOutputs ? true : false = true;
/** Application code that passes the outputs of the SDK on still compiles. */
export const outputsFitBack: SdkOutputs extends OurOutputs ? true : false = true;

/** The types of generic wrappers. */
export const anyInput: sdk.ServiceInputTypes extends ours.ServiceInputTypes ? true : false = true;
export const anyInputBack: ours.ServiceInputTypes extends sdk.ServiceInputTypes ? true : false = true;
export const anyOutput: ours.ServiceOutputTypes extends sdk.ServiceOutputTypes ? true : false = true;
export const anyOutputBack: sdk.ServiceOutputTypes extends ours.ServiceOutputTypes ? true : false = true;
export const anyConfig: ours.IvschatClientConfigType = { apiVersion: '2020-07-14', cacheMiddleware: true };
export const statusCode = (error: ours.IvschatServiceException): number | undefined => error.$response?.statusCode;
// @ts-expect-error a string is not an input
export const noInput: ours.ServiceInputTypes = 'text';

// None of the types is `any`, which is assignable to everything.
// @ts-expect-error a Date is not a number
export const time: Exclude<ours.GetRoomCommandOutput['createTime'], undefined> = 5;
// @ts-expect-error a number is not an ARN
export const input: ours.CreateChatTokenCommandInput = { roomIdentifier: 5 };
export const isAny: 0 extends (1 & OurOutputs['GetRoom']) ? true : false = false;
