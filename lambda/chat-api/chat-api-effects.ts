import type { BanListDatabase, BanListOptions } from '../runtime/ban-list';
import { DynamoDbClient } from '../dynamodb/dynamodb-client';
import { invokeFunction } from './invoke-function';
import { CHAT_API_CONFIGURATION, type ChatApiConfiguration } from '../../src/contract/chat-api/configuration';

/** The configuration of a function, and everything outside of it. */
export interface ChatApiEffects {
  readonly configuration: ChatApiConfiguration;
  readonly database: BanListDatabase;
  /** The client for IVS Chat. Without one, the functions of `lambda/runtime` select it by the Region of the room. */
  readonly client?: BanListOptions['client'];
  /** Returns the time in milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Invokes this function asynchronously. */
  invokeSelf(event: object): Promise<void>;
  log(record: object): void;
}

/** Returns the effects of a Lambda function. */
export function effectsOfEnvironment(): ChatApiEffects {
  const { env } = process;
  const json = env[CHAT_API_CONFIGURATION];
  if (!json) throw new Error(`the environment variable ${CHAT_API_CONFIGURATION} is missing`);
  return {
    configuration: JSON.parse(json),
    database: new DynamoDbClient(),
    now: Date.now,
    sleep: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
    invokeSelf: (event) => invokeFunction(env.AWS_LAMBDA_FUNCTION_NAME!, event),
    log: (record) => console.log(JSON.stringify(record)),
  };
}
