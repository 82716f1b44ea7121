/** The platform functions for browsers and React Native, and the handler that sends requests with `fetch`. */
import { createHmac, hash } from 'node:crypto';
import { requestHandler } from '../../../lambda/http/fetch-request-handler';
import {
  chunksOf, derivedKey, environment, fetchFailed, hmacSha256, sha256,
} from '../../../lambda/http/platform.browser';

const request = {
  method: 'POST',
  protocol: 'https:',
  hostname: 'ivschat.eu-west-1.amazonaws.com',
  path: '/CreateRoom',
  headers: { 'host': 'ivschat.eu-west-1.amazonaws.com', 'content-type': 'application/json' },
  body: '{"name":"ü"}',
};

test('a request is sent without its host, without cookies and without redirects', async () => {
  const { signal: abortSignal } = new AbortController();
  const customFetch = jest.fn(async () => new Response('{}'));
  const { handle } = requestHandler({ customFetch });
  await handle(request, { abortSignal });
  await handle({ ...request, method: 'GET', port: 8080, query: { tagKeys: ['b', 'a b'] }, body: undefined });
  const common = {
    headers: { 'content-type': 'application/json' }, redirect: 'manual', credentials: 'omit', cache: 'no-store',
  };
  expect(customFetch.mock.calls).toEqual([
    ['https://ivschat.eu-west-1.amazonaws.com/CreateRoom', {
      ...common, method: 'POST', body: '{"name":"ü"}', signal: abortSignal,
    }],
    ['https://ivschat.eu-west-1.amazonaws.com:8080/CreateRoom?tagKeys=a%20b&tagKeys=b', {
      ...common, method: 'GET', body: undefined, signal: undefined,
    }],
  ]);
});

test('the response has its status, its headers and its body', async () => {
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async () =>
    new Response('{}', { status: 404, statusText: 'Not Found', headers: { 'X-Amzn-RequestId': 'r1' } }));
  const { response } = await requestHandler({}).handle(request);
  expect(response).toEqual({
    statusCode: 404,
    reason: 'Not Found',
    headers: { 'x-amzn-requestid': 'r1', 'content-type': 'text/plain;charset=UTF-8' },
    body: expect.any(ReadableStream),
  });
  // A redirect that a browser does not follow has no status. React Native has no streams.
  fetch.mockImplementation(async () =>
    ({ status: 0, statusText: '', headers: new Headers(), body: null, text: async () => 'the text' }) as never);
  expect((await requestHandler({}).handle(request)).response)
    .toEqual({ statusCode: 302, reason: '', headers: {}, body: 'the text' });
  fetch.mockRestore();
});

test('the hashes are those of Node.js', async () => {
  const key = await derivedKey('AWS4 a secret', '20260105');
  const keyOfNode = createHmac('sha256', 'AWS4 a secret').update('20260105').digest();
  expect(Buffer.from(key)).toEqual(keyOfNode);
  expect(await hmacSha256(key, 'ü')).toBe(createHmac('sha256', keyOfNode).update('ü').digest('hex'));
  expect(await sha256('ü')).toBe(hash('sha256', 'ü'));
});

test.each([
  ['Failed to fetch', true], ['NetworkError when attempting to fetch resource', true],
  ['The Internet connection appears to be offline', true], ['Load failed', true], ['Network request failed', true],
  ['Failed to fetch the room', false], ['It was: Load failed', false],
])('the message %j means that there was no connection: %s', (message, expected) => {
  expect(fetchFailed.test(message)).toBe(expected);
});

test('a request that failed in a browser without a connection can be retried, and may have been received', () => {
  let retry!: typeof import('../../../lambda/http/retry');
  jest.isolateModules(() => {
    jest.doMock('../../../lambda/http/platform', () => jest.requireActual('../../../lambda/http/platform.browser'));
    retry = jest.requireActual('../../../lambda/http/retry');
    jest.dontMock('../../../lambda/http/platform');
  });
  const outcomeOf = (error: Error) => [retry.errorTypeOf(error, true), retry.mayHaveBeenDone(error)];
  expect(outcomeOf(new TypeError('Load failed'))).toEqual(['TRANSIENT', true]);
  expect(outcomeOf(new TypeError('Load failed twice'))).toEqual(['CLIENT_ERROR', true]);
});

describe('the chunks of a body', () => {
  const all = async (body: unknown) => {
    const chunks: unknown[] = [];
    for await (const chunk of chunksOf(body)) chunks.push(chunk);
    return chunks;
  };
  /** A web stream that cannot be iterated, as in some browsers. */
  function stream(...values: string[]) {
    const reads: string[] = [];
    const read = async () => {
      reads.push('read');
      return values.length > 0 ? { done: false, value: values.shift() } : { done: true, value: undefined };
    };
    const cancel = async () => void reads.push('cancel');
    return { reads, body: { getReader: () => ({ read, cancel }) } };
  }

  test('are those of a list, of an iterable and of a web stream', async () => {
    expect(await all(['a', 'b'])).toEqual(['a', 'b']);
    expect(await all((async function* () {
      yield* ['a', 'b'];
    })())).toEqual(['a', 'b']);
    const { body, reads } = stream('a', 'b');
    expect(await all(body)).toEqual(['a', 'b']);
    expect(reads).toEqual(['read', 'read', 'read', 'cancel']);
  });

  test('are no longer read after a failure', async () => {
    const { body, reads } = stream('a', 'b');
    await expect((async () => {
      for await (const _ of chunksOf(body)) throw new Error('too large');
    })()).rejects.toThrow('too large');
    expect(reads).toEqual(['read', 'cancel']);
  });
});

test('a browser has no environment', () => {
  expect(environment()).toEqual({});
});
