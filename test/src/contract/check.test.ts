import * as fc from 'fast-check';
import { check, codePoints, read, utf8Bytes } from '../../../src/contract/check';
import * as constraints from '../../../src/contract/generated/constraints';
import * as operations from '../../../src/contract/generated/operations';
import type { Shape } from '../../../src/contract/shape';

/** Mutation testing runs each property several hundred times. */
const few = process.env.STRYKER_MUTATOR_WORKER !== undefined;

const text = fc.string({ unit: 'binary' }); // Any code point, including lone surrogates.

/** Generates valid values of a shape. */
function valid(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'string': {
      const { pattern, values, minimum = 0, maximum = 300 } = shape;
      if (values) return fc.constantFrom(...values);
      const candidates = pattern
        ? fc.stringMatching(new RegExp(pattern.source.replace('.+', '[a-z]{1,20}$'))).map(
          (candidate) => candidate.padEnd(minimum, 'x').slice(0, maximum),
        )
        : fc.string({ unit: 'grapheme-ascii', minLength: minimum, maxLength: maximum });
      return candidates.filter((candidate) => !pattern || pattern.test(candidate));
    }
    case 'integer': return fc.integer({ min: shape.minimum, max: shape.maximum });
    case 'timestamp': return fc.date({
      noInvalidDate: true,
      min: new Date(0),
      max: new Date('2100-01-01T00:00:00Z'),
    }).map((date) => date.toISOString());
    case 'list': return fc.array(valid(shape.member), { minLength: shape.minimum, maxLength: shape.maximum ?? 3 });
    case 'map': return fc.dictionary(
      valid(shape.key) as fc.Arbitrary<string>,
      valid(shape.value) as fc.Arbitrary<string>,
      { maxKeys: shape.maximumBytes ? 1 : 5 },
    );
    case 'structure': {
      const members = Object.fromEntries(Object.entries(shape.members).map(([member, of]) => [member, valid(of)]));
      return shape.union
        ? fc.oneof(...Object.entries(members).map(([member, value]) => fc.record({ [member]: value })))
        : fc.record(members, { requiredKeys: shape.required as never });
    }
  }
}

const constants: [string, Shape][] = Object.entries(constraints);
const named: [string, Shape][] = [
  ...constants,
  ...Object.entries(operations).flatMap(([name, { input, output }]): [string, Shape][] => [
    [`${name}'s input`, input], ...output ? [[`${name}'s output`, output] as [string, Shape]] : [],
  ]),
];
const messages = (shape: Shape, value: unknown) =>
  check(shape, value).map(({ path, message }) => `${path}: ${message}`);

test.each(named)('%s: a valid value has no problem', (_, shape) => {
  fc.assert(
    fc.property(valid(shape), (value) => { expect(check(shape, value)).toEqual([]); }), { numRuns: few ? 5 : 30 },
  );
});

test.each(named)('%s: check never throws, and reports a problem for a value of another type', (_, shape) => {
  const ofType = {
    string: 'string',
    timestamp: 'string',
    integer: 'number',
    list: 'object',
    map: 'object',
    structure: 'object',
  }[shape.type];
  fc.assert(fc.property(fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withMap: true,
    withSparseArray: true,
  }), (value) => {
    const problems = check(shape, value);
    if (typeof value !== ofType) expect(problems).not.toEqual([]);
    for (const { path, message } of problems) expect(typeof path + typeof message).toBe('stringstring');
  }), { numRuns: few ? 10 : 60 });
});

test('the length of a string is its number of code points, and its size is its number of UTF-8 bytes', () => {
  fc.assert(fc.property(text, (any) => {
    expect(codePoints(any)).toBe([...any].length);
    expect(utf8Bytes(any)).toBe(Buffer.byteLength(any));
  }), { numRuns: few ? 100 : 2000 });
});

test.each([
  ['', 0, 0], ['\x7f', 1, 1], ['\x80', 1, 2], ['\u07ff', 1, 2], ['\u0800', 1, 3], ['\ud7ff', 1, 3],
  ['\ue000', 1, 3], ['\uffff', 1, 3], ['\u{10000}', 1, 4], ['\u{10ffff}', 1, 4],
  ['\ud800', 1, 3], ['\udbff', 1, 3], ['\udc00', 1, 3], ['\udfff', 1, 3], ['\udc00\ud800', 2, 6], [
    '\ud800\udc00\udbff\udfff',
    2,
    8,
  ], ['\ud800\ud800\udc00', 2, 7],
])('%j has %d code points and %d bytes', (given, points, bytes) => {
  expect([codePoints(given), utf8Bytes(given)]).toEqual([points, bytes]);
});

test('a range has the shortest wording', () => {
  const said = (minimum?: number, maximum?: number, value = -1) => messages({
    type: 'integer',
    minimum,
    maximum,
  }, value);
  expect(said(1)).toEqual([': must be at least 1, got -1']);
  expect(said(0)).toEqual([': must be at least 0, got -1']);
  expect(said(undefined, -2)).toEqual([': must be at most -2, got -1']);
  expect(said(0, 3, 4)).toEqual([': must be at most 3, got 4']);
  expect(said(2, 2)).toEqual([': must be exactly 2, got -1']);
  expect(said(1, 2)).toEqual([': must be between 1 and 2, got -1']);
  expect(said()).toEqual([]);
});

describe('every limit accepts its value and rejects the next value', () => {
  const filled = (shape: Shape & { type: 'string' }, length: number) => {
    if (!shape.pattern?.source.includes('arn:')) return 'x'.repeat(length);
    const resource = /:(room|logging-configuration|\(room)/.exec(shape.pattern!.source)?.[1]?.replace('(', '');
    const start = resource
      ? `arn:aws:ivschat:us-east-1:1:${resource}/`
      : 'arn:aws:lambda:us-east-1:123456789012:function:';
    return start.padEnd(length, 'x').slice(0, length);
  };
  const strings = constants.filter(([, shape]) => shape.type === 'string' && shape.maximum !== undefined) as [
    string,
    Shape & { type: 'string' },
  ][];
  const integers = constants.filter(([, shape]) => shape.type === 'integer') as [string, Shape & { type: 'integer' }][];

  test.each(strings)('%s: number of characters', (_, shape) => {
    const { minimum = 0, maximum = 0 } = shape;
    expect(check(shape, filled(shape, maximum))).toEqual([]);
    expect(messages(shape, filled(shape, maximum + 1)).join()).toMatch(
      new RegExp(`must be (at most|exactly|between [0-9]+ and) ${maximum} characters, got ${maximum + 1}`));
    if (minimum > 0) {
      expect(messages(shape, 'x'.repeat(minimum - 1)).join())
        .toContain(`characters, got ${minimum - 1}`);
    }
  });

  test.each(integers)('%s: value', (_, shape) => {
    const { minimum = 0, maximum = 0 } = shape;
    for (const good of [minimum, maximum]) expect(check(shape, good)).toEqual([]);
    for (const bad of [minimum - 1, maximum + 1]) {
      expect(messages(shape, bad))
        .toEqual([`: must be between ${minimum} and ${maximum}, got ${bad}`]);
    }
    for (const bad of [1.5, NaN, Infinity, '5', null]) expect(messages(shape, bad)).toHaveLength(1);
  });

  test('lists and maps: number of items', () => {
    const arn = 'arn:aws:ivschat:us-east-1:123456789012:logging-configuration/abcdefghijkl';
    expect(check(constraints.LoggingConfigurationIdentifierList, [arn, arn, arn])).toEqual([]);
    expect(messages(constraints.LoggingConfigurationIdentifierList, [arn, arn, arn, arn]))
      .toEqual([': must have at most 3 items, got 4']);
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, '']));
    expect(check(constraints.Tags, tags(50))).toEqual([]);
    expect(messages(constraints.Tags, tags(51))).toEqual([': must have at most 50 entries, got 51']);
  });

  test('attributes: 1 KB of keys and values', () => {
    expect(check(constraints.ChatTokenAttributes, { '€': 'x'.repeat(1021) })).toEqual([]);
    expect(messages(constraints.ChatTokenAttributes, { '€': 'x'.repeat(1022) }))
      .toEqual([': must be at most 1024 bytes of keys and values together, got 1025']);
  });
});

test.each<[Shape, unknown, string[]]>([
  [
    constraints.RoomName,
    'Would you like a carrot?',
    [': must contain only letters, digits, hyphens and underscores, got "Would you like a carrot?"'],
  ],
  [constraints.RoomName, 'a\n', [': must contain only letters, digits, hyphens and underscores, got "a\\n"']],
  [constraints.RoomName, 7, [': must be a string, got 7']],
  [constraints.RoomName, 7n, [': must be a string, got 7']],
  [
    constraints.RoomName,
    `${'€'.repeat(99)}`,
    [`: must contain only letters, digits, hyphens and underscores, got "${'€'.repeat(99)}… (101 characters)`],
  ],
  [
    constraints.RoomName,
    'a b'.padEnd(98, 'x'),
    [`: must contain only letters, digits, hyphens and underscores, got "${'a b'.padEnd(98, 'x')}"`],
  ],
  [
    constraints.RoomName,
    'a b'.padEnd(99, 'x'),
    [`: must contain only letters, digits, hyphens and underscores, got "${'a b'.padEnd(99, 'x')}… (101 characters)`],
  ],
  [constraints.RoomName, null, [': must be a string, got null']],
  [constraints.RoomMaxMessageLength, NaN, [': must be an integer, got NaN']],
  [constraints.RoomMaxMessageLength, -Infinity, [': must be an integer, got -Infinity']],
  [constraints.RoomMaxMessageLength, [5], [': must be an integer, got [5]']],
  [constraints.RoomMaxMessageLength, '12', [': must be an integer, got "12"']],
  [constraints.RoomMaxMessageLength, undefined, [': must be an integer, got undefined']],
  [constraints.FallbackResult, 'MAYBE', [': must be one of ALLOW, DENY, got "MAYBE"']],
  [constraints.Time, 'tomorrow', [': must be an RFC 3339 time, got "tomorrow"']],
  [constraints.Time, 1, [': must be an RFC 3339 time, got 1']],
  [constraints.TagKeyList, {}, [': must be a list, got {}']],
  [constraints.TagKeyList, ['', 'ok'], ['[0]: must be between 1 and 128 characters, got 0']],
  [constraints.Tags, [], [': must be a map, got []']],
  [constraints.Tags, null, [': must be a map, got null']],
  [constraints.Tags, { '': 'x' }, ['.: key must be between 1 and 128 characters, got 0']],
  [constraints.Tags, { team: 5 }, ['.team: must be a string, got 5']],
  [constraints.MessageReviewHandler, 'x', [': must be a structure, got "x"']],
  [constraints.MessageReviewHandler, [], [': must be a structure, got []']],
  [constraints.DestinationConfiguration, {}, [': must have exactly one of s3, cloudWatchLogs, firehose, got none']],
  [constraints.DestinationConfiguration, { s3: { bucketName: 'bucket' }, firehose: { deliveryStreamName: 'stream' } },
    [': must have exactly one of s3, cloudWatchLogs, firehose, got s3, firehose']],
  [constraints.DestinationConfiguration, { s3: {} }, ['s3.bucketName: is required']],
  [operations.CreateChatToken.input, {}, ['roomIdentifier: is required', 'userId: is required']],
  [operations.CreateChatToken.input, { roomIdentifier: null, userId: 'u', capabilities: ['SEND_MESSAGE', 'SING'] },
    [
      'roomIdentifier: is required',
      'capabilities[1]: must be one of SEND_MESSAGE, DISCONNECT_USER, DELETE_MESSAGE, got "SING"',
    ]],
  [constraints.ResourceArn, 'arn:aws:ivschat:eu-west-1:1:room/x/../y',
    [': must be the ARN of a room or a logging configuration, got "arn:aws:ivschat:eu-west-1:1:room/x/../y"']],
])('%#: the problem has the path, the rule and the value', (shape, value, expected) => {
  expect(messages(shape, value)).toEqual(expected);
});

test('unknown and inherited members are ignored', () => {
  expect(check(operations.DeleteRoom.input, { identifier: 'arn:aws:ivschat:eu-west-1:1:room/x', color: 'red' }))
    .toEqual([]);
  expect(messages(operations.DeleteRoom.input, Object.create({ identifier: 'arn:aws:ivschat:eu-west-1:1:room/x' })))
    .toEqual(['identifier: is required']);
});

test('check reports absent items, absent entries and unknown values of enums, and read does not', () => {
  const read1 = (shape: Shape, value: unknown) => {
    const problems: string[] = [];
    read(shape, value, ({ path, message }) => problems.push(`${path}: ${message}`));
    return problems;
  };
  expect(messages(constraints.TagKeyList, ['a', null])).toEqual(['[1]: must be a string, got null']);
  expect(messages(constraints.Tags, { team: undefined })).toEqual(['.team: must be a string, got undefined']);
  expect(read1(constraints.TagKeyList, ['a', null])).toEqual([]);
  expect(messages(constraints.FallbackResult, 'MAYBE')).toEqual([': must be one of ALLOW, DENY, got "MAYBE"']);
  expect(read1(constraints.FallbackResult, 'MAYBE')).toEqual([]);
  expect(read1(constraints.FallbackResult, 5)).toEqual([': must be a string, got 5']);
  expect(read1(constraints.Tags, { '': undefined })).toEqual([]);

  // The limits apply to the rest, and the problems have the index in the list that was given.
  const arn = 'arn:aws:ivschat:us-east-1:123456789012:logging-configuration/abcdefghijkl';
  expect(read1(constraints.LoggingConfigurationIdentifierList, [arn, null, arn, undefined, arn])).toEqual([]);
  expect(read1(constraints.LoggingConfigurationIdentifierList, [null, arn, arn, arn, arn]))
    .toEqual([': must have at most 3 items, got 4']);
  expect(read1(constraints.TagKeyList, [null, ''])).toEqual(['[1]: must be between 1 and 128 characters, got 0']);
});

test('a problem never contains a sensitive value', () => {
  const secret = 'CANARY';
  const wrongs: [Shape, unknown][] = [
    [constraints.UserID, secret.repeat(100)], [constraints.UserID, { secret }], [constraints.ChatToken, [secret]],
    [constraints.ChatTokenAttributes, secret], [constraints.ChatTokenAttributes, { [secret]: secret.repeat(200) }],
    [constraints.ChatTokenAttributes, { key: { secret } }], [constraints.EventAttributes, { key: [secret] }],
    [operations.CreateChatToken.input, { userId: [secret], attributes: { key: [secret] } }],
  ];
  for (const [shape, value] of wrongs) {
    expect(check(shape, value)).not.toEqual([]);
    expect(JSON.stringify(check(shape, value))).not.toContain(secret);
  }
});

test('a problem hides a sensitive value, and names its key', () => {
  expect(
    messages(operations.CreateChatToken.input, {
      roomIdentifier: 'arn:aws:ivschat:eu-west-1:1:room/x',
      userId: 5,
      attributes: { key: 5 },
    }),
  ).toEqual([
    'userId: must be a string, got a value that is not shown because it is sensitive',
    'attributes.key: must be a string, got a value that is not shown because it is sensitive',
  ]);
});

test('a problem contains the type of a value that JSON cannot represent', () => {
  const circular: unknown[] = [];
  circular.push(circular);
  expect([circular, [1n], () => 1, Symbol('s')].map((value) => messages(constraints.RoomName, value)[0])).toEqual([
    ': must be a string, got object',
    ': must be a string, got object',
    ': must be a string, got function',
    ': must be a string, got symbol',
  ]);
});

test('maps can have keys with a special meaning in JavaScript', () => {
  const hostile = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  expect(check(constraints.Tags, hostile)).toEqual([]);
  expect(messages(constraints.Tags, JSON.parse('{"__proto__":1}'))).toEqual(['.__proto__: must be a string, got 1']);
});

describe('read', () => {
  const known = (shape: Shape, value: unknown) => read(shape, value, () => {});
  const arn = 'arn:aws:ivschat:eu-west-1:1:logging-configuration/x';

  test.each(named)('%s: returns a valid value, with times as Dates', (_, shape) => {
    fc.assert(fc.property(valid(shape), (value) => {
      expect(JSON.parse(JSON.stringify(known(shape, value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }), { numRuns: few ? 5 : 30 });
  });

  test('omits unknown and inherited members and null values', () => {
    expect(known(operations.CreateRoom.input, {
      name: 'a',
      color: 'red',
      maximumMessageLength: null,
      tags: { team: 'x', none: null, absent: undefined },
      loggingConfigurationIdentifiers: [null, arn, undefined],
      messageReviewHandler: { uri: undefined, fallbackResult: 'DENY', more: 1 },
    })).toEqual({
      name: 'a',
      tags: { team: 'x' },
      loggingConfigurationIdentifiers: [arn],
      messageReviewHandler: { fallbackResult: 'DENY' },
    });
    expect(
      Object.keys(
        known(
          operations.CreateRoom.input, Object.assign(Object.create({ name: 'a' }), { name: undefined, tags: {} }),
        ) as object,
      ),
    ).toEqual(['tags']);
    expect(known(operations.DeleteRoom.input, Object.create({ identifier: 'inherited' }))).toEqual({});
  });

  test('returns keys of maps with a special meaning in JavaScript', () => {
    const tags = known(constraints.Tags, JSON.parse('{"__proto__":"a","constructor":"b"}')) as object;
    expect(Object.entries(tags)).toEqual([['__proto__', 'a'], ['constructor', 'b']]);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });

  test.each([
    '2026-01-31T23:59:59Z',
    '2024-02-29T00:00:00.123456z',
    '2026-02-28t12:00:00+01:30',
    '2026-12-30T00:00:00.1-11:00',
    '2026-12-31T23:00:00-02:00',
  ])('accepts the time %s', (time) => {
    expect(known(constraints.Time, time)).toEqual(new Date(time.toUpperCase()));
    expect(check(constraints.Time, time)).toEqual([]);
  });

  test.each([
    '2026-02-29T00:00:00Z', '2026-02-30T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z',
    '2026-01-32T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00',
    '2026-01-01', '2026-1-1T00:00:00Z', ' 2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z ',
    '2026-01-01T00:00:00.Z', 'Thu, 01 Jan 2026 00:00:00 GMT', 1767225600, ['2026-01-01T00:00:00Z'],
  ])('rejects the time %j', (time) => {
    expect(messages(constraints.Time, time)[0]).toMatch(/^: must be an RFC 3339 time, got /);
    expect(known(constraints.Time, time)).toBe(time);
  });

  test.each<[Shape, unknown, unknown]>([
    [constraints.RoomName, 5, 5], [constraints.RoomName, ['a'], ['a']], [
      constraints.RoomMaxMessageLength,
      '12',
      '12',
    ], [constraints.TagKeyList, { a: null }, { a: null }],
    [constraints.MessageReviewHandler, 'x', 'x'], [
      constraints.MessageReviewHandler,
      ['x'],
      {},
    ], [constraints.Tags, 'x', 'x'], [constraints.Tags, ['x', null], { 0: 'x' }],
    [constraints.Tags, null, null],
  ])('%#: returns a value of another type unchanged, and reads a list like a map', (shape, value, expected) => {
    expect(known(shape, value)).toEqual(expected);
    expect(messages(shape, value)).toHaveLength(1);
  });

  test('replaces sensitive values of any type with the mask', () => {
    const masked = (shape: Shape, value: unknown) => read(shape, value, () => {}, '***');
    expect(masked(operations.CreateChatToken.input, { roomIdentifier: 'r', userId: 'u', attributes: { a: 'b' } }))
      .toEqual({ roomIdentifier: 'r', userId: '***', attributes: '***' });
    expect(masked(operations.CreateChatToken.input, { userId: ['u'], attributes: ['b'] }))
      .toEqual({ userId: '***', attributes: '***' });
    expect(masked(operations.CreateChatToken.output!, { token: 't', tokenExpirationTime: new Date(0) }))
      .toEqual({ token: '***', tokenExpirationTime: new Date(0) });
    const Secret: Shape = { type: 'structure', members: { secret: { type: 'string', sensitive: true } } };
    expect(masked(Secret, Object.assign([], { secret: 's' }))).toEqual({ secret: '***' });
    expect(masked({ type: 'list', member: Secret }, [{ secret: 's' }, null])).toEqual([{ secret: '***' }]);
    expect(
      masked({ type: 'map', key: { type: 'string' }, value: { type: 'string', sensitive: true } }, { a: 's', b: null }),
    ).toEqual({ a: '***' });
  });

  test('reports a problem with the shape that it violates', () => {
    const types: string[] = [];
    read(operations.GetRoom.output!, {
      name: '?',
      createTime: 'now',
      maximumMessageLength: 0,
      tags: { '': 5 },
      messageReviewHandler: 1,
      loggingConfigurationIdentifiers: 1,
    },
    ({ path }, { type }) => types.push(`${path}: ${type}`));
    expect(types).toEqual([
      'name: string', 'createTime: timestamp', 'maximumMessageLength: integer',
      'messageReviewHandler: structure', 'tags.: string', 'tags.: string',
      'loggingConfigurationIdentifiers: list',
    ]);
    const required: string[] = [];
    read(
      operations.CreateChatToken.input,
      { roomIdentifier: '' },
      ({ path, message }, { type }) => required.push(`${path} ${message}: ${type}`),
    );
    expect(required).toContain('userId is required: structure');
  });
});
