/** The apps of the examples and the templates of their stacks. Without the resources inside of the constructs. */
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ChatStack } from '../../examples/languages/typescript/chat-stack';
import { LiveChatStack } from '../../examples/live-chat/live-chat-stack';
import { LiveVideoStack } from '../../examples/live-video/live-video-stack';
import { ModeratedChatStack } from '../../examples/moderated-chat/moderated-chat-stack';
import { TokenFunctionStack } from '../../examples/token-function/token-function-stack';

const { App } = cdk;
const env = { account: '123456789012', region: 'us-west-2' };

/** The stacks that an app has made: the name, the ID and the properties. */
const mockStacks: unknown[][] = [];
const mockStack = (name: string) => class {
  constructor(_scope: unknown, ...values: unknown[]) {
    mockStacks.push([name, ...values]);
  }
};

/** Runs an app with a context, and returns its stacks. */
function run(require: () => unknown, context: { [name: string]: string }): unknown[][] {
  const before = { ...process.env };
  mockStacks.length = 0;
  Object.assign(process.env, {
    CDK_CONTEXT_JSON: JSON.stringify(context), CDK_DEFAULT_ACCOUNT: env.account, CDK_DEFAULT_REGION: env.region,
  });
  try {
    jest.isolateModules(() => {
      jest.doMock('aws-cdk-lib', () => cdk); // It takes a second to load.
      jest.doMock('../../examples/live-chat/live-chat-stack', () => ({ LiveChatStack: mockStack('chat') }));
      jest.doMock('../../examples/live-video/live-video-stack', () => ({ LiveVideoStack: mockStack('video') }));
      jest.doMock(
        '../../examples/moderated-chat/moderated-chat-stack', () => ({ ModeratedChatStack: mockStack('moderated') }));
      jest.doMock(
        '../../examples/token-function/token-function-stack', () => ({ TokenFunctionStack: mockStack('token') }));
      require();
    });
  } finally {
    process.env = before;
  }
  return mockStacks;
}

const apps = {
  'live-chat': () => jest.requireActual('../../examples/live-chat/app'),
  'live-video': () => jest.requireActual('../../examples/live-video/app'),
  'moderated-chat': () => jest.requireActual('../../examples/moderated-chat/app'),
  'token-function': () => jest.requireActual('../../examples/token-function/app'),
};
const page = 'http://localhost:3000';
const pageOrigin = 'https://example.com';
test.each<[keyof typeof apps, { [name: string]: string }, [string, string, object]]>([
  ['live-chat', {}, ['chat', 'LiveChat', { env, pageOrigin: page }]],
  ['live-chat', { pageOrigin, maximumMessageLength: '280' },
    ['chat', 'LiveChat', { env, pageOrigin, maximumMessageLength: 280 }]],
  ['live-video', {}, ['video', 'LiveVideo', { env, pageOrigin: page }]],
  ['live-video', { pageOrigin, chatEndpoint: 'ws://127.0.0.1:1' },
    ['video', 'LiveVideo', { env, pageOrigin, chatEndpoint: 'ws://127.0.0.1:1' }]],
  ['moderated-chat', {}, ['moderated', 'ModeratedChat', { env }]],
  ['token-function', {}, ['token', 'TokenFunction', { env, pageOrigin: page, moderatorKey: '' }]],
  ['token-function', { pageOrigin, moderatorKey: 'a key', maximumMessageLength: '280' },
    ['token', 'TokenFunction', { env, pageOrigin, moderatorKey: 'a key', maximumMessageLength: 280 }]],
])('the app of %s with the context %j', (name, context, expected) => {
  expect(run(apps[name], context)).toEqual([expected]);
});

/**
 * Returns the resources that the stack itself makes, the configuration of the chat API, and the outputs. Hashes and
 * ARNs are shortened.
 */
function partsOf(stack: cdk.Stack): object {
  const { Resources, Outputs } = Template.fromStack(stack).toJSON();
  const ids = Object.keys(Resources).filter((id) => !/^(Chat(?!Room)|IvsChat|LogRetention)/.test(id));
  const own = Object.fromEntries(ids.map((id) => [id, Resources[id]]));
  const environments = Object.values<any>(Resources)
    .map(({ Properties }) => Properties?.Environment?.Variables.CHAT_API);
  const { CorsConfiguration } = Object.values<any>(Resources)
    .find(({ Type }) => Type === 'AWS::ApiGatewayV2::Api')?.Properties ?? {};
  const authorizers = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Authorizer')
    .map(({ Properties }) => Properties);
  const json = JSON.stringify({
    own, chatApi: environments.find((text) => text !== undefined), CorsConfiguration, authorizers, Outputs,
  });
  return JSON.parse(json.replace(/(?<=CurrentVersion[0-9A-F]{8})[0-9a-f]{32}|[0-9a-f]{64}/g, 'HASH'));
}

const newApp = () => new App({ analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } });

test.each<[string, (app: cdk.App) => cdk.Stack]>([
  ['live-chat', (app) => new LiveChatStack(app, 'Stack', { env, pageOrigin, maximumMessageLength: 280 })],
  ['live-video', (app) => new LiveVideoStack(app, 'Stack', { env, pageOrigin, chatEndpoint: 'ws://127.0.0.1:1' })],
  ['moderated-chat', (app) => new ModeratedChatStack(app, 'Stack', { env })],
  ['token-function', (app) => new TokenFunctionStack(app, 'Stack', {
    env, pageOrigin, moderatorKey: 'a key', maximumMessageLength: 280,
  })],
  ['languages/typescript', (app) => new ChatStack(app, 'Stack', { env })],
])('the template of %s', (_, build) => {
  expect(partsOf(build(newApp()))).toMatchSnapshot();
});

test('the stacks have the properties that every stack can have', () => {
  const app = newApp();
  const props = { env, pageOrigin, moderatorKey: '', description: 'A chat', tags: { Team: 'live' } };
  for (const Stack of [LiveChatStack, LiveVideoStack, ModeratedChatStack, TokenFunctionStack]) {
    const stack = new Stack(app, Stack.name, props);
    expect([stack.templateOptions.description, stack.tags.tagValues()]).toEqual(['A chat', { Team: 'live' }]);
  }
});
