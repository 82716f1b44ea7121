// @ts-check
// The process of one instance of a function, with the behavior of Lambda's Node.js runtime.
//
// This file is plain JavaScript, because `node` runs it without a build step.
'use strict';

const { once } = require('node:events');
const { existsSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const { pathToFileURL, urlToHttpOptions } = require('node:url');
const { format } = require('node:util');
const { Worker } = require('node:worker_threads');

/** @type {{ responseHost: string, endpoint: string }} */
const { responseHost, endpoint } = JSON.parse(process.argv[2] ?? '{}');
const handlerName = process.env._HANDLER ?? '';
const taskRoot = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
const send = /** @type {(message: object) => void} */ (process.send?.bind(process));
let requestId = '';

// Hides the parent process from the function.
process.argv.splice(1);
delete process.send;
process.on('disconnect', () => process.exit(0));
// A worker thread also notices the end of the parent while the function blocks this thread.
new Worker(`setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, 1000)`, {
  eval: true,
}).unref();
// Ctrl-C reaches the whole process group, but the parent decides when functions end.
process.on('SIGINT', () => {});

redirectRequests();
formatConsole();
process.on('uncaughtException', (error) => fail(error, 'Runtime.UncaughtException'));
process.on('unhandledRejection', (error) => fail(error, 'Runtime.UnhandledPromiseRejection'));
void run();

async function run() {
  /** @type {Function} */
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    send({ type: 'failed', error: describe(error), fatal: true });
    return;
  }
  send({ type: 'ready' });
  for (;;) {
    const [invocation] = await once(process, 'message');
    requestId = invocation.requestId;
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    process.env._X_AMZN_TRACE_ID = `Root=1-${seconds}-${requestId.replace(/-/g, '').slice(0, 24)};Sampled=0`;
    try {
      const result = await call(handler, invocation);
      send({ type: 'succeeded', payload: JSON.stringify(result) ?? 'null' });
    } catch (error) {
      const { errorType, errorMessage, trace } = describe(error);
      console.error(`Invoke Error \t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
      send({ type: 'failed', error: { errorType, errorMessage, trace } });
    }
  }
}

/**
 * @param {Function} handler
 * @param {{
 *   requestId: string,
 *   payload: string,
 *   deadline: number,
 *   functionArn: string,
 *   clientContext?: unknown,
 * }} invocation
 */
function call(handler, invocation) {
  const event = JSON.parse(invocation.payload);
  return new Promise((resolve, reject) => {
    const callback = (/** @type {unknown} */ error, /** @type {unknown} */ result) =>
      error ? reject(error) : resolve(result);
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      invokedFunctionArn: invocation.functionArn,
      awsRequestId: invocation.requestId,
      clientContext: invocation.clientContext,
      getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now()),
      succeed: (/** @type {unknown} */ result) => resolve(result),
      fail: (/** @type {unknown} */ error) => reject(error),
      done: callback,
    };
    const result = handler(event, context, callback);
    if (typeof result?.then === 'function') result.then(resolve, reject);
    else if (handler.length < 3) resolve(result);
  });
}

async function loadHandler() {
  const match = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handlerName);
  if (!match) throw failure('Runtime.MalformedHandlerName', `Bad handler ${handlerName}`);
  const [, folder = '', name = '', nested = ''] = match;
  const base = path.resolve(taskRoot, folder, name);
  const file = [`${base}.js`, `${base}.mjs`, `${base}.cjs`].find((candidate) => existsSync(candidate)) ?? base;
  /** @type {any} */
  let found;
  try {
    found = await load(file);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (error instanceof SyntaxError) throw failure('Runtime.UserCodeSyntaxError', `SyntaxError: ${message}`);
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw failure('Runtime.ImportModuleError', `Error: ${message}`);
    throw error;
  }
  for (const key of nested.split('.')) found = found?.[key] ?? found?.default?.[key];
  if (typeof found !== 'function')
    throw failure('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  const version = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1]);
  if (version >= 24 && found.length >= 3) {
    throw failure(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to '
      + 'modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  return found;
}

/** @param {string} file */
async function load(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return require(file);
  } catch (error) {
    // A module with a top-level await, or any ES module in older versions of Node.js.
    const codes = ['ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_ESM'];
    if (!codes.includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) throw error;
    return import(pathToFileURL(file).href);
  }
}

/** Redirects requests for CloudFormation's ResponseURLs and for the keys of user pools to the local endpoint. */
function redirectRequests() {
  const target = new URL(endpoint);
  const hosts = [responseHost, `cognito-idp.${process.env.AWS_REGION}.amazonaws.com`];
  const { request } = https;
  /**
   * Node.js writes a list of names and values unchanged.
   * @param {any} headers
   */
  const withHost = (headers) => {
    const isHost = (/** @type {string} */ name) => name.toLowerCase() === 'host';
    if (Array.isArray(headers)) {
      return headers.map((text, index) => (index % 2 === 1 && isHost(headers[index - 1]) ? target.host : text));
    }
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !isHost(name)));
  };
  /** @param {any[]} args */
  const redirected = (...args) => {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    const [first, second] = args;
    const options =
      typeof first === 'string' || first instanceof URL
        ? { ...urlToHttpOptions(new URL(first)), ...second }
        : { ...first };
    if (!hosts.includes(options.hostname ?? options.host))
      return request.apply(https, /** @type {any} */ (callback ? [...args, callback] : args));
    return http.request(
      {
        ...options,
        protocol: 'http:',
        host: target.hostname,
        hostname: target.hostname,
        port: target.port,
        agent: undefined,
        headers: withHost(options.headers ?? {}),
      },
      callback,
    );
  };
  https.request = /** @type {typeof https.request} */ (redirected);
  https.get = /** @type {typeof https.get} */ ((...args) => {
    const outgoing = redirected(...args);
    outgoing.end();
    return outgoing;
  });
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (!hosts.includes(url.hostname)) return fetch(input, init);
    const redirectedUrl = new URL(url.pathname + url.search, target);
    return input instanceof Request ? fetch(new Request(redirectedUrl, input), init) : fetch(redirectedUrl, init);
  };
}

/** Formats console output as the Node.js runtime of Lambda does, as text or JSON. */
function formatConsole() {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  for (const [method, level] of Object.entries({
    log: 'INFO',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    debug: 'DEBUG',
    trace: 'TRACE',
  })) {
    /** @type {any} */ (console)[method] = (/** @type {unknown[]} */ ...args) => {
      const timestamp = new Date().toISOString();
      const line = json
        ? JSON.stringify({
            timestamp,
            level,
            requestId,
            message: args.length === 1 && typeof args[0] === 'object' ? args[0] : format(...args),
          })
        : `${timestamp}\t${requestId || 'undefined'}\t${level}\t${format(...args).replace(/\n/g, '\r')}`;
      process.stdout.write(`${line}\n`);
    };
  }
}

/** @param {string} name @param {string} message */
function failure(name, message) {
  return Object.assign(new Error(message), { name, stack: undefined });
}

/** @param {unknown} error @param {string} kind */
function fail(error, kind) {
  const described = describe(error);
  send({
    type: 'failed',
    fatal: true,
    error:
      kind === 'Runtime.UnhandledPromiseRejection'
        ? { ...described, errorType: kind, errorMessage: `${described.errorType}: ${described.errorMessage}` }
        : described,
  });
  process.exitCode = 1;
  setImmediate(() => process.exit());
}

/** @param {unknown} error */
function describe(error) {
  if (!(error instanceof Error))
    return { errorType: typeof error, errorMessage: typeof error === 'string' ? error : format(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
