import { parseRouteKey, selectRoute } from '../../../../local/aws/api-gateway-v2/route-key';

const routes = (...keys: string[]) => keys.map((key) => ({ key: parseRouteKey(key)! }));

/** The example of the API Gateway documentation. */
const documented = routes(
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  '$default',
);

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/', '$default', {}],
  ['HEAD', '/test', 'ANY /{proxy+}', { proxy: 'test' }],
])('%s %s selects %s', (method, path, expected, pathParameters) => {
  for (const order of [documented, [...documented].reverse()]) {
    const match = selectRoute(order, method, path);
    expect(match?.route.key.text).toBe(expected);
    expect(match?.pathParameters).toEqual(pathParameters);
  }
});

test.each([
  ['a method precedes ANY', ['ANY /a', 'GET /a'], 'GET', '/a', 'GET /a'],
  ['a literal precedes a variable', ['GET /{x}', 'ANY /a'], 'GET', '/a', 'ANY /a'],
  ['another method falls through to a variable', ['POST /a', 'GET /{x}'], 'GET', '/a', 'GET /{x}'],
  ['a variable precedes a greedy variable', ['GET /{proxy+}', 'ANY /{x}'], 'GET', '/a', 'ANY /{x}'],
  ['the longer greedy route precedes', ['GET /{proxy+}', 'GET /a/{proxy+}'], 'GET', '/a/b', 'GET /a/{proxy+}'],
  ['a full match precedes a longer literal', ['GET /a/{proxy+}', 'ANY /{x}/{y}'], 'GET', '/a/b', 'ANY /{x}/{y}'],
  ['$default is the last', ['$default', 'ANY /{proxy+}'], 'GET', '/a', 'ANY /{proxy+}'],
  ['a greedy variable needs all segments before it', ['GET /a/{x}/{proxy+}'], 'GET', '/a', undefined],
  ['a greedy variable needs a segment', ['GET /a/{proxy+}'], 'GET', '/a', undefined],
  ['a variable needs a value', ['GET /a/{x}'], 'GET', '/a/', undefined],
  ['a slash at the end is another path', ['GET /a'], 'GET', '/a/', undefined],
  ['a slash at the end of a key is another path', ['GET /a/'], 'GET', '/a', undefined],
  ['paths are case-sensitive', ['GET /a'], 'GET', '/A', undefined],
  ['another method does not match', ['GET /a'], 'POST', '/a', undefined],
])('%s', (_, keys, method, path, expected) => {
  for (const order of [routes(...keys), routes(...keys).reverse()]) {
    expect(selectRoute(order, method, path)?.route.key.text).toBe(expected);
  }
});

test.each([
  'GET', 'GET a', 'get /a', 'GET /{proxy+}/a', 'GET /a/{proxy+}/b', 'GET /a b', 'FETCH /a', '/a', '$disconnect', '',
])(
  'the route key %j is not valid',
  (key) => expect(parseRouteKey(key)).toBeUndefined(),
);

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'])('%s has routes', (method) => {
  expect(selectRoute(routes(`${method} /{room-id}/{user}`), method, '/a/b')?.pathParameters)
    .toEqual({ 'room-id': 'a', 'user': 'b' });
});

test.each<[string, object]>([
  ['$default', { method: '$default', path: '', segments: [] }],
  ['ANY /a/{x}/{y}b/c{z}/{proxy+}', {
    method: 'ANY',
    path: '/a/{x}/{y}b/c{z}/{proxy+}',
    segments: [
      { kind: 'literal', text: 'a' },
      { kind: 'variable', text: 'x' },
      { kind: 'literal', text: '{y}b' },
      { kind: 'literal', text: 'c{z}' },
      { kind: 'greedy', text: 'proxy' },
    ],
  }],
])('the parts of the route key %s', (text, parts) => {
  expect(parseRouteKey(text)).toEqual({ text, ...parts });
});
