/** One process of a function, without the service. */
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  FunctionProcess,
  type FunctionProcessOptions,
  type Invocation,
} from '../../../../local/aws/lambda/function-process';

jest.setTimeout(30_000);

type Files = { readonly [name: string]: string };

const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-process-'));
const started: FunctionProcess[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(started.splice(0).map((instance) => instance.end()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a process with the files of a function. A text is the file index.js. */
function start(code: Files | string, environment: Files = {}, more: Partial<FunctionProcessOptions> = {}) {
  const codeDirectory = mkdtempSync(join(folder, 'code-'));
  for (const [name, text] of Object.entries(typeof code === 'string' ? { 'index.js': code } : code)) {
    mkdirSync(dirname(join(codeDirectory, name)), { recursive: true });
    writeFileSync(join(codeDirectory, name), text);
  }
  const output: string[] = [];
  const instance = new FunctionProcess({
    nodePath: process.execPath,
    codeDirectory,
    environment: {
      _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: codeDirectory, AWS_REGION: 'us-west-2', ...environment,
    },
    endpoint: 'http://127.0.0.1:1',
    responseHost: 'response.example',
    onOutput: (line) => output.push(line),
    ...more,
  });
  started.push(instance);
  const { child } = instance as unknown as { readonly child: ChildProcess };
  const invoke = async (event: unknown = {}, details: Partial<Invocation> = {}) => {
    const { payload, ...outcome } = await instance.invoke({
      requestId: 'the-request', payload: JSON.stringify(event), functionArn: 'arn', timeoutSeconds: 20, ...details,
    });
    return { ...outcome, result: JSON.parse(payload) as unknown };
  };
  return { instance, child, output, invoke };
}

const becomes = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const node = (version: number) => ({ AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${version}.x` });
const returns = (value: string) => `exports.handler = async () => '${value}';`;

test.each<[string, Files | string, Files?]>([
  ['in index.js before index.mjs and index.cjs', {
    'index.js': returns('found'), 'index.mjs': '', 'index.cjs': returns('cjs'),
  }],
  ['in index.mjs before index.cjs', {
    'index.mjs': 'export const handler = async () => "found";', 'index.cjs': returns('cjs'),
  }],
  ['in a file with the name of a folder', { 'index.js': returns('found'), 'index/index.js': returns('folder') }],
  ['in an ES module with the name of a folder', {
    'index.mjs': 'export const handler = async () => "found";', 'index/index.js': returns('folder'),
  }],
  ['in a folder with a dot in its name', { 'src.v2/api/index.js': returns('found') }, {
    _HANDLER: 'src.v2/api/index.handler',
  }],
  ['in nested objects', 'exports.a = { b: { handler: () => "found" } };', { _HANDLER: 'index.a.b.handler' }],
  ['in the default export', { 'index.mjs': 'export default { handler: async () => "found" };' }],
  ['in an ES module that waits for a promise', {
    'package.json': '{"type":"module"}',
    'index.js': 'const word = await "found"; export const handler = async () => word;',
  }],
  ['with two parameters, in Node.js 24', 'exports.handler = (event, context) => "found";', node(24)],
  ['with a callback, in Node.js 22', 'exports.handler = (event, context, done) => done(null, "found");', node(22)],
])('a handler is found %s', async (...[, code, environment]) => {
  expect(await start(code, environment).invoke()).toEqual({ result: 'found' });
});

const notFound = { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' };
const deprecated = {
  errorType: 'Runtime.CallbackHandlerDeprecated',
  errorMessage: 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You '
    + 'need to modify this function to use a supported handler signature to use Node.js 24 or later.',
};
const missing = (errorMessage: RegExp) =>
  ({ errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringMatching(errorMessage) });

test.each<[string, Files | string, object, Files?]>([
  ['without its file', {}, missing(/^Error: Cannot find module '.+\/index'/)],
  ['without a package', { 'index.mjs': 'import "carrot";' }, missing(/^Error: Cannot find package 'carrot'/)],
  ['with a syntax error', 'exports.handler = ;', {
    errorType: 'Runtime.UserCodeSyntaxError', errorMessage: 'SyntaxError: Unexpected token \';\'',
  }],
  ['without an export', '', notFound],
  ['with a text as its handler', 'exports.handler = "text";', notFound],
  ['without a function in its name', '', {
    errorType: 'Runtime.MalformedHandlerName', errorMessage: 'Bad handler index',
  }, { _HANDLER: 'index' }],
  ['with a callback, in Node.js 24', 'exports.handler = (event, context, done) => done();', deprecated, node(24)],
  ['with a callback, in Node.js 26', 'exports.handler = (event, context, done) => done();', deprecated, node(26)],
])('a function %s has this error alone, and its process ends', async (...[, code, error, environment]) => {
  const { instance, invoke } = start(code, environment);
  expect(await invoke()).toEqual({ functionError: 'Unhandled', result: { ...error, trace: [] } });
  expect(instance.usable).toBe(false);
});

test('a handler returns its result with a callback, a promise or a return', async () => {
  const { invoke } = start(`
    const results = {
      'a callback with undefined': (done) => void done(undefined, 3),
      'a callback with an empty text': (done) => void done('', 3),
      'a callback without arguments': (done) => void done(),
      'a promise': async () => 3,
      'an object with then': () => ({ then: (resolve) => resolve(3) }),
    };
    exports.handler = (name, context, done) => results[name](done);
  `, node(22));
  const results = [];
  for (const name of ['undefined', 'an empty text']) results.push(await invoke(`a callback with ${name}`));
  for (const name of ['a promise', 'an object with then']) results.push(await invoke(name));
  expect(results).toEqual(Array(4).fill({ result: 3 }));
  expect(await invoke('a callback without arguments')).toEqual({ result: null });
});

test('what a handler throws is its error and a line of its output', async () => {
  const { instance, invoke, output } = start(`
    const values = {
      text: 'words', number: 5, null: null, undefined: undefined, object: { a: 1 },
      error: Object.assign(new RangeError('far'), { stack: 'first\\nsecond', code: 'E' }),
      noStack: Object.assign(new Error('no stack'), { stack: undefined }),
    };
    exports.handler = (name) => {
      if (name === 'result') return { big: 1n };
      throw values[name];
    };
  `);
  const error = (errorType: string, errorMessage: string, trace: string[] = []) =>
    ({ errorType, errorMessage, trace });
  const expected = {
    text: error('string', 'words'),
    number: error('number', '5'),
    null: error('object', 'null'),
    undefined: error('undefined', 'undefined'),
    object: error('object', '{ a: 1 }'),
    error: error('RangeError', 'far', ['first', 'second']),
    noStack: error('Error', 'no stack'),
  };
  for (const [name, result] of Object.entries(expected)) {
    expect([name, await invoke(name)]).toEqual([name, { functionError: 'Unhandled', result }]);
  }
  expect(await invoke('result')).toMatchObject({
    functionError: 'Unhandled', result: { errorType: 'TypeError', errorMessage: expect.stringContaining('BigInt') },
  });
  expect(instance.usable).toBe(true);
  await becomes(() => output.length >= 8);
  expect(output.slice(0, 7).map((line) => line.split('\t').slice(1))).toEqual(
    Object.values(expected).map(({ trace: stack, ...members }) =>
      ['the-request', 'ERROR', 'Invoke Error ', JSON.stringify({ ...members, stack })]),
  );
});

test('each invocation has its own trace ID, and no time remains after its deadline', async () => {
  const { invoke } = start(`
    exports.handler = async (event, context) => [process.env._X_AMZN_TRACE_ID, context.getRemainingTimeInMillis()];
  `);
  const seconds = Math.floor(Date.now() / 1000);
  const requestId = '01234567-89ab-cdef-0123-456789abcdef';
  const [trace, remaining] = (await invoke({}, { requestId })).result as [string, number];
  expect(trace).toMatch(/^Root=1-[0-9a-f]{8}-0123456789abcdef01234567;Sampled=0$/);
  expect(parseInt(trace.split('-')[1]!, 16) - seconds).toBeLessThan(30);
  expect(parseInt(trace.split('-')[1]!, 16)).toBeGreaterThanOrEqual(seconds);
  expect(remaining).toBeGreaterThan(0);
  jest.spyOn(Date, 'now').mockReturnValue(0);
  expect((await invoke({}, { requestId: 'f'.repeat(36) })).result).toEqual([
    expect.stringContaining(`-${'f'.repeat(24)};`), 0,
  ]);
});

const print = `
  console.log('loading');
  exports.handler = async () => {
    console.log('one\\ntwo\\nthree');
    console.error('a', 'b');
    console.warn({ a: 1 });
    console.info({ a: 1 }, { b: 2 });
    console.debug(null);
    console.trace();
  };
`;

test('the console prints text with the request ID and the level, on one line', async () => {
  const { invoke, output } = start(print);
  await invoke();
  await becomes(() => output.length >= 7);
  expect(output.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t/, ''))).toEqual([
    'undefined\tINFO\tloading',
    'the-request\tINFO\tone\rtwo\rthree',
    'the-request\tERROR\ta b',
    'the-request\tWARN\t{ a: 1 }',
    'the-request\tINFO\t{ a: 1 } { b: 2 }',
    'the-request\tDEBUG\tnull',
    'the-request\tTRACE\t',
  ]);
});

test('the console prints JSON, and does not change a single object', async () => {
  const { invoke, output } = start(print, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
  await invoke();
  await becomes(() => output.length >= 7);
  const line = (level: string, message: unknown, requestId = 'the-request') =>
    ({ timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), level, requestId, message });
  expect(output.map((text) => JSON.parse(text))).toEqual([
    line('INFO', 'loading', ''),
    line('INFO', 'one\ntwo\nthree'),
    line('ERROR', 'a b'),
    line('WARN', { a: 1 }),
    line('INFO', '{ a: 1 } { b: 2 }'),
    line('DEBUG', null),
    line('TRACE', ''),
  ]);
});

test('the output has the lines of both streams, also without a line break at the end', async () => {
  const { instance, invoke, output } = start(`exports.handler = async () => {
    process.stderr.write('first\\n\\nsecond');
    process.stdout.write('third');
  };`);
  await invoke();
  await instance.end();
  await becomes(() => output.length >= 4);
  expect(output.filter((line) => line !== 'third')).toEqual(['first', '', 'second']);
});

describe('a request of the function', () => {
  const received: string[] = [];
  let server: Server;
  let endpoint: string;
  let request: ReturnType<typeof start>;
  beforeAll(async () => {
    server = createServer(async (incoming, response) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      const { host, 'x-own': own } = incoming.headers;
      received.push([incoming.method, incoming.url, host, own, body].join(' '));
      response.end('answer');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    received.splice(0);
    request = start(`
      const https = require('node:https');
      const send = (begin) => new Promise((resolve, reject) => {
        const answered = (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve(text));
        };
        begin(answered).on('error', reject);
      });
      const options = { method: 'PUT', headers: { 'Host': 'other.example', 'X-Own': 'v' } };
      const ways = {
        'get': (url) => send((done) => https.get(url, done)),
        'get with an event': (url) => send((done) => https.get(new URL(url)).on('response', done)),
        'get with a hostname': (url) => {
          const { hostname, pathname, search } = new URL(url);
          return send((done) => https.get({ hostname, path: pathname + search, agent: new https.Agent() }, done));
        },
        'get with options instead of the URL': (url) => {
          const { hostname, pathname, search } = new URL(url);
          return send((done) => https.get('https://other.example/other', { hostname, path: pathname + search }, done));
        },
        'request with a host': (url) => {
          const { hostname: host, pathname, search } = new URL(url);
          return send((done) => https.request({ ...options, host, path: pathname + search }, done).end('body'));
        },
        'request with options': (url) => send((done) => https.request(url, options, done).end('body')),
        'request with a list of headers': (url) => {
          const headers = ['HOST', 'other.example', 'X-Own', 'v', 'Content-Length', '4'];
          return send((done) => https.request(url, { ...options, headers }, done).end('body'));
        },
        'fetch': (url) => fetch(url).then((response) => response.text()),
        'fetch with options': (url) =>
          fetch(new URL(url), { method: 'PUT', headers: { 'X-Own': 'v' }, body: 'body' }).then((one) => one.text()),
        'fetch a request': (url) =>
          fetch(new Request(url, { method: 'PUT', headers: { 'X-Own': 'u' }, body: 'body' }), {
            headers: { 'X-Own': 'v' },
          }).then((one) => one.text()),
      };
      exports.handler = ([way, url]) => ways[way](url).catch((error) => 'failed: ' + (error.cause ?? error).code);
    `, {}, { endpoint, responseHost: 'response.example' });
  });

  test.each(['response.example', 'cognito-idp.us-west-2.amazonaws.com'])('to %s goes to the endpoint', async (host) => {
    const gets = ['get', 'get with an event', 'get with a hostname', 'get with options instead of the URL', 'fetch'];
    const puts = [
      'request with a host', 'request with options', 'request with a list of headers', 'fetch with options',
      'fetch a request',
    ];
    for (const way of [...gets, ...puts]) {
      expect([way, await request.invoke([way, `https://${host}/a%20b?c=d`])]).toEqual([way, { result: 'answer' }]);
    }
    const address = `/a%20b?c=d ${new URL(endpoint).host}`;
    expect(received).toEqual([...gets.map(() => `GET ${address}  `), ...puts.map(() => `PUT ${address} v body`)]);
  });

  test('to another host goes there', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    for (const way of ['get', 'request with options', 'fetch', 'fetch a request']) {
      expect([way, await request.invoke([way, `https://127.0.0.1:${port}/`])])
        .toEqual([way, { result: 'failed: ECONNREFUSED' }]);
    }
    expect(await request.invoke(['fetch with options', `${endpoint}/other`])).toEqual({ result: 'answer' });
    expect(received).toEqual([`PUT /other ${new URL(endpoint).host} v body`]);
  });
});

test('an error after an invocation ends the process', async () => {
  const { instance, child, invoke } = start(`
    exports.handler = async () => void setTimeout(() => { throw new Error('later'); });
    setInterval(() => {}, 1000);
  `);
  expect(await invoke()).toEqual({ result: null });
  await becomes(() => (child.exitCode ?? child.signalCode) !== null);
  expect([child.exitCode, child.signalCode, instance.usable]).toEqual([1, null, false]);
});

test.each([
  ['an error', 'setTimeout(() => { throw new TypeError("late"); });', {
    errorType: 'TypeError', errorMessage: 'late', trace: expect.arrayContaining(['TypeError: late']),
  }],
  ['a rejection', 'Promise.reject(new TypeError("lost"));', {
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'TypeError: lost',
    trace: expect.arrayContaining(['TypeError: lost']),
  }],
])('%s that the function does not handle is the error of the invocation', async (_, code, result) => {
  const { instance, invoke } = start(`exports.handler = () => { ${code} return new Promise(() => {}); };`);
  expect(await invoke()).toEqual({ functionError: 'Unhandled', result });
  expect(instance.usable).toBe(false);
});

test('a process continues after SIGINT, which the parent receives, too', async () => {
  const { invoke } = start(`exports.handler = async () => {
    process.kill(process.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'alive';
  };`);
  expect(await invoke()).toEqual({ result: 'alive' });
});

test('a process ends when its parent disconnects', async () => {
  const { child, instance } = start(`${returns('x')} setInterval(() => {}, 1000);`);
  await instance.initialized();
  child.disconnect();
  expect(instance.usable).toBe(false);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a process that ignores SIGTERM ends at once', async () => {
  const { child, instance } = start(`process.on('SIGTERM', () => {}); ${returns('x')} setInterval(() => {}, 1000);`);
  await instance.initialized();
  await instance.end();
  expect([child.exitCode, child.signalCode, instance.usable]).toEqual([null, 'SIGKILL', false]);
});

test('a program that does not exist is an error of the invocation', async () => {
  const { instance, invoke } = start(returns('x'), {}, { nodePath: join(folder, 'none') });
  expect(await invoke()).toEqual({
    functionError: 'Unhandled',
    result: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: the-request Error: Runtime exited with error: exit status -\d+$/),
    },
  });
  expect(instance.usable).toBe(false);
});

test('a function has ten seconds to load', async () => {
  const set = jest.spyOn(globalThis, 'setTimeout');
  set.mockImplementationOnce(((expire: () => void) => setImmediate(expire)) as unknown as typeof setTimeout);
  const { instance, invoke } = start('for (;;);');
  expect(set.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([10_000]);
  expect(await invoke()).toEqual({
    functionError: 'Unhandled',
    result: {
      errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: the-request Error: Task timed out after 10.00 seconds',
    },
  });
  expect(instance.usable).toBe(false);
});

test('no timer and no listener remains after an invocation', async () => {
  const set = jest.spyOn(globalThis, 'setTimeout');
  const clear = jest.spyOn(globalThis, 'clearTimeout');
  const { child, invoke } = start(returns('x'));
  await invoke({}, { timeoutSeconds: 7 });
  expect(set.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([10_000, 7000]);
  const cleared = clear.mock.calls.map(([timer]) => timer);
  expect(set.mock.results.every(({ value }) => cleared.includes(value))).toBe(true);
  expect(child.listenerCount('message')).toBe(0);
});
