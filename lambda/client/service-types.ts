import type { IvschatClientConfig } from './config';
import type * as commands from './generated/commands';

type AnyCommand = InstanceType<(typeof commands)[keyof typeof commands]>;

/** The inputs of all operations, for functions that send any command. */
export type ServiceInputTypes = AnyCommand['input'];

/** The outputs of all operations, for functions that send any command. */
export type ServiceOutputTypes = NonNullable<AnyCommand['output']>;

/** Another name of {@link IvschatClientConfig}, as in the AWS SDK. */
export type IvschatClientConfigType = IvschatClientConfig;
