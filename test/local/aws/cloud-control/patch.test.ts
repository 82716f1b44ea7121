import { patch } from '../../../../local/aws/cloud-control/patch';

const apply = (properties: object, ...operations: object[]) => patch(properties, JSON.stringify(operations));

test('a patch adds, replaces and removes values', () => {
  const properties = { Name: 'one', Tags: [{ Key: 'a' }, { Key: 'b' }], Map: { 'a/b': 1, '~1': 0 } };
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
  )).toEqual({
    Name: 'two',
    New: [1],
    Tags: [{ Key: 'c' }, { Key: 'f' }, { Key: 'd' }, { Key: 'e' }],
    Map: { 'a/b': 2 },
  });
  expect(properties.Name).toBe('one');
});

test('a patch does not reach prototypes', () => {
  apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } });
  expect(() => apply({}, { op: 'add', path: '/__proto__/polluted', value: true })).toThrow('no value is at');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each<[string, string, string]>([
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
  expect(() => patch({ Name: 'one', List: [1] }, document)).toThrow(message);
});
