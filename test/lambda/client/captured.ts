/** Both clients with transports that record the requests and send the responses of a test. */
import { Readable } from 'node:stream';
import * as sdk from '@aws-sdk/client-ivschat';
import { HttpResponse } from '@smithy/core/protocols';
import * as ours from '../../../lambda/client';

export const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'FwoGZXIvYXdzEXAMPLE//token==',
};
export const REGION = 'us-west-2';

export interface Answer {
  statusCode?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export class Transport {
  readonly requests: any[] = [];
  answer: (request: any) => Answer | Promise<Answer> = () => ({ body: '{}' });

  async handle(request: any) {
    this.requests.push({ ...request, headers: { ...request.headers } });
    const { statusCode = 200, headers = {}, body = '' } = await this.answer(request);
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return { response: new HttpResponse({ statusCode, headers, body: Readable.from([bytes]) }) };
  }

  updateHttpClientConfig() {}

  httpHandlerConfigs() {
    return {};
  }
}

const ALL = [
  'CreateChatToken', 'CreateLoggingConfiguration', 'CreateRoom', 'DeleteLoggingConfiguration', 'DeleteMessage',
  'DeleteRoom', 'DisconnectUser', 'GetLoggingConfiguration', 'GetRoom', 'ListLoggingConfigurations', 'ListRooms',
  'ListTagsForResource', 'SendEvent', 'TagResource', 'UntagResource', 'UpdateLoggingConfiguration', 'UpdateRoom',
] as const;
export type OperationName = (typeof ALL)[number];

/** One operation of each kind, for the run of a mutant. */
const SAMPLE: readonly OperationName[] = [
  'CreateChatToken', 'CreateLoggingConfiguration', 'GetRoom', 'ListRooms', 'DeleteRoom', 'TagResource', 'UntagResource',
];
export const OPERATIONS: readonly OperationName[] = process.env.STRYKER_MUTATOR_WORKER ? SAMPLE : ALL;

type Options = ours.IvschatClientConfig & sdk.IvschatClientConfig;

/** Creates both clients. Each has a transport of its own. */
export function bothClients(options: Partial<Options> = {}) {
  const transports = { ours: new Transport(), sdk: new Transport() };
  const shared = { region: REGION, credentials: CREDENTIALS, ...options };
  const clients = {
    ours: new ours.IvschatClient({ requestHandler: transports.ours, ...shared } as ours.IvschatClientConfig),
    sdk: new sdk.IvschatClient({ requestHandler: transports.sdk, ...shared } as sdk.IvschatClientConfig),
  };
  const send = {
    ours: (operation: OperationName, input: object, handlerOptions?: any): Promise<any> =>
      clients.ours.send(new (ours as any)[`${operation}Command`](input), handlerOptions),
    sdk: (operation: OperationName, input: object, handlerOptions?: any): Promise<any> =>
      clients.sdk.send(new (sdk as any)[`${operation}Command`](input), handlerOptions),
  };
  return { transports, clients, send };
}
