import { patch } from '../../../../local/aws/cloud-control/patch';

const apply = (properties: object, ...operations: object[]) => patch(properties, JSON.stringify(operations));

test('a patch adds, replaces and removes values', () => {
  const properties = { Name: 'one', Tags: [{ Key: 'a' }, { Key: 'b' }], Map: { 'a/b': 1, '~1': 0, '~/~/': 1 } };
  expect(apply(
    properties,
    { op: 'replace', path: '/Name', value: 'two' },
    { op: 'add', path: '/New', value: [1] },
    { op: 'remove', path: '/Tags/0' },
    { op: 'add', path: '/Tags/1', value: { Key: 'd' } },
    { op: 'add', path: '/Tags/0', value: { Key: 'c' } },
    { op: 'add', path: '/Tags/-', value: { Key: 'e' } },
    { op: 'replace', path: '/Tags/1', value: { Key: 'f' } },
    { op: 'replace', path: '/Map/a~1b', value: 2 },
    { op: 'remove', path: '/Map/~01' },
    { op: 'replace', path: '/Map/~0~1~0~1', value: 3 },
  )).toStrictEqual({
    Name: 'two',
    New: [1],
    Tags: [{ Key: 'c' }, { Key: 'f' }, { Key: 'd' }, { Key: 'e' }],
    Map: { 'a/b': 2, '~/~/': 3 },
  });
  expect(properties.Name).toBe('one');
});

test('a patch does not reach prototypes', () => {
  apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } });
  expect(() => apply({}, { op: 'add', path: '/__proto__/polluted', value: true })).toThrow('no value is at');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each<[string, object, object]>([
  ['the end of an empty list', { op: 'add', path: '/List/0', value: 1 }, { List: [1] }],
  ['a member of an element', { op: 'replace', path: '/Deep/0/Name', value: 2 }, { Deep: [{ Name: 2 }] }],
  ['a member that exists', { op: 'add', path: '/Name', value: 'new' }, { Name: 'new' }],
  ['a member without a name', { op: 'add', path: '/', value: 1 }, { '': 1 }],
  ['a null', { op: 'replace', path: '/Name', value: null }, { Name: null }],
])('a patch changes %s', (_, operation, expected) => {
  const properties = { Name: 'one', List: [], Deep: [{ Name: 1 }] };
  expect(apply(properties, operation)).toEqual({ ...properties, ...expected });
  expect(properties).toEqual({ Name: 'one', List: [], Deep: [{ Name: 1 }] });
});

test('a value that a patch adds can be changed later like any other', () => {
  const patched = apply({}, { op: 'add', path: '/Name', value: 1 });
  expect(Object.getOwnPropertyDescriptor(patched, 'Name')).toEqual({
    value: 1, enumerable: true, writable: true, configurable: true,
  });
});

test.each<[string, string, string]>([
  ['a scalar as parent', '[{ "op": "add", "path": "/Name/0", "value": 1 }]', 'no value is at /Name/0'],
  ['a replacement after the end', '[{ "op": "replace", "path": "/List/1", "value": 1 }]', 'no value is at /List/1'],
  ['a replacement at -', '[{ "op": "replace", "path": "/List/-", "value": 1 }]', 'no value is at /List/-'],
  ['a negative index', '[{ "op": "remove", "path": "/List/-1" }]', 'no value is at /List/-1'],
  ['an index with a unit', '[{ "op": "remove", "path": "/List/0x" }]', 'no value is at /List/0x'],
  ['a number as document', '5', 'PatchDocument must be a list of operations in JSON'],
  ['no JSON', '[', 'PatchDocument must be a list of operations in JSON'],
  ['another operation', '[{ "op": "test", "path": "/Name" }]', 'the operation test is not supported'],
  ['a missing parent', '[{ "op": "add", "path": "/None/Name" }]', 'no value is at /None/Name'],
  ['the replacement of a missing member', '[{ "op": "replace", "path": "/None" }]', 'no value is at /None'],
  ['the removal of a missing member', '[{ "op": "remove", "path": "/None" }]', 'no value is at /None'],
  ['the removal of a missing element', '[{ "op": "remove", "path": "/List/1" }]', 'no value is at /List/1'],
  ['the removal of an element without a number', '[{ "op": "remove", "path": "/List/x" }]', 'no value is at /List/x'],
  ['the removal after the end', '[{ "op": "remove", "path": "/List/-" }]', 'no value is at /List/-'],
  ['an addition after the end', '[{ "op": "add", "path": "/List/2", "value": 1 }]', 'no value is at /List/2'],
  ['a patch of the whole', '[{ "op": "replace", "path": "", "value": {} }]', 'no value is at'],
  ['other text', '{}', 'PatchDocument must be a list of operations in JSON'],
])('a patch is refused with %s', (_, document, message) => {
  expect(() => patch({ Name: 'one', List: [1] }, document)).toThrow(expect.objectContaining({
    code: 'ValidationException',
    status: 400,
    message: expect.stringContaining(`The patch document is invalid: ${message}`),
  }));
});
