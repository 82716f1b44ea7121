/** Our input types accept what the SDK's accept, and our outputs are assignable to the SDK's, operation by operation. */
import type * as sdk from '@aws-sdk/client-ivschat';
import type * as ours from '../../../../lambda/client';

type Sdk = typeof sdk;
type Ours = typeof ours;
type CommandName = keyof Sdk & `${string}Command`;
type InputOf<Package, Name> = Name extends keyof Package ? Package[Name] extends new (input: infer Input) => any ? Input : never : never;

/** Every command, enum and exception of the SDK is here under its name. `$Command` and `__Client` are its own plumbing. */
export const missing: Exclude<keyof Sdk, keyof Ours | '$Command' | '__Client'> extends never ? true : false = true;

type Fits<Name> = InputOf<Sdk, Name> extends InputOf<Ours, Name> ? never : Name;
export type InputsThatDoNotFit = { [Name in CommandName & keyof Ours]: Fits<Name> }[CommandName & keyof Ours];
export const inputsFit: [InputsThatDoNotFit] extends [never] ? true : InputsThatDoNotFit = true;

type Outputs<Package> = {
  CreateChatToken: Package extends 'sdk' ? sdk.CreateChatTokenCommandOutput : ours.CreateChatTokenCommandOutput;
  CreateLoggingConfiguration: Package extends 'sdk' ? sdk.CreateLoggingConfigurationCommandOutput : ours.CreateLoggingConfigurationCommandOutput;
  CreateRoom: Package extends 'sdk' ? sdk.CreateRoomCommandOutput : ours.CreateRoomCommandOutput;
  DeleteLoggingConfiguration: Package extends 'sdk' ? sdk.DeleteLoggingConfigurationCommandOutput : ours.DeleteLoggingConfigurationCommandOutput;
  DeleteMessage: Package extends 'sdk' ? sdk.DeleteMessageCommandOutput : ours.DeleteMessageCommandOutput;
  DeleteRoom: Package extends 'sdk' ? sdk.DeleteRoomCommandOutput : ours.DeleteRoomCommandOutput;
  DisconnectUser: Package extends 'sdk' ? sdk.DisconnectUserCommandOutput : ours.DisconnectUserCommandOutput;
  GetLoggingConfiguration: Package extends 'sdk' ? sdk.GetLoggingConfigurationCommandOutput : ours.GetLoggingConfigurationCommandOutput;
  GetRoom: Package extends 'sdk' ? sdk.GetRoomCommandOutput : ours.GetRoomCommandOutput;
  ListLoggingConfigurations: Package extends 'sdk' ? sdk.ListLoggingConfigurationsCommandOutput : ours.ListLoggingConfigurationsCommandOutput;
  ListRooms: Package extends 'sdk' ? sdk.ListRoomsCommandOutput : ours.ListRoomsCommandOutput;
  ListTagsForResource: Package extends 'sdk' ? sdk.ListTagsForResourceCommandOutput : ours.ListTagsForResourceCommandOutput;
  SendEvent: Package extends 'sdk' ? sdk.SendEventCommandOutput : ours.SendEventCommandOutput;
  TagResource: Package extends 'sdk' ? sdk.TagResourceCommandOutput : ours.TagResourceCommandOutput;
  UntagResource: Package extends 'sdk' ? sdk.UntagResourceCommandOutput : ours.UntagResourceCommandOutput;
  UpdateLoggingConfiguration: Package extends 'sdk' ? sdk.UpdateLoggingConfigurationCommandOutput : ours.UpdateLoggingConfigurationCommandOutput;
  UpdateRoom: Package extends 'sdk' ? sdk.UpdateRoomCommandOutput : ours.UpdateRoomCommandOutput;
};
export const outputsFit: Outputs<'ours'> extends Outputs<'sdk'> ? true : false = true;
/** And the other way, so that application code that hands the SDK's outputs on keeps compiling. */
export const outputsFitBack: Outputs<'sdk'> extends Outputs<'ours'> ? true : false = true;

/** The types of generic wrappers. */
export const anyInput: sdk.ServiceInputTypes extends ours.ServiceInputTypes ? true : false = true;
export const anyInputBack: ours.ServiceInputTypes extends sdk.ServiceInputTypes ? true : false = true;
export const anyOutput: ours.ServiceOutputTypes extends sdk.ServiceOutputTypes ? true : false = true;
export const anyOutputBack: sdk.ServiceOutputTypes extends ours.ServiceOutputTypes ? true : false = true;
export const anyConfig: ours.IvschatClientConfigType = { apiVersion: '2020-07-14', cacheMiddleware: true };
export const statusCode = (error: ours.IvschatServiceException): number | undefined => error.$response?.statusCode;
// @ts-expect-error a text is no input
export const noInput: ours.ServiceInputTypes = 'text';

// None of it is `any`, which would fit everything.
// @ts-expect-error a Date is no number
export const time: Exclude<ours.GetRoomCommandOutput['createTime'], undefined> = 5;
// @ts-expect-error
export const input: ours.CreateChatTokenCommandInput = { roomIdentifier: 5 };
export const isAny: 0 extends (1 & Outputs<'ours'>['GetRoom']) ? true : false = false;
