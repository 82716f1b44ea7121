import * as fc from 'fast-check';
import {
  decodeLoggingConfigurationProperties, encodeLoggingConfigurationProperties, LOGGING_CONFIGURATION_RESOURCE_TYPE,
  type LoggingConfigurationProperties,
} from '../../../src/contract/logging-configuration-properties';
import { MAXIMUM_USER_TAGS, ownershipTags } from '../../../src/contract/ownership-tags';
import { regions } from '../../../src/contract/regions';
import {
  decodeRoomProperties, encodeRoomProperties, ROOM_DEFAULTS, ROOM_RESOURCE_TYPE, type RoomProperties,
} from '../../../src/contract/room-properties';

/** Mutation testing runs each property several hundred times. */
const few = process.env.STRYKER_MUTATOR_WORKER !== undefined;

const name = fc.stringMatching(/^[a-zA-Z0-9-_]{0,128}$/);
const tags = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 20 }), { maxKeys: 10 });
const region = fc.constantFrom(...regions);
const loggingConfiguration = fc.stringMatching(/^[a-zA-Z0-9]{12}$/).map(
  (id) => `arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/${id}`,
);
const rooms: fc.Arbitrary<RoomProperties> = fc.record({
  name,
  maximumMessageLength: fc.integer({ min: 1, max: 500 }),
  maximumMessageRatePerSecond: fc.integer({ min: 1, max: 100 }),
  messageReviewHandler: fc.record({
    uri: fc.constantFrom('', 'arn:aws:lambda:eu-west-1:123456789012:function:review:live'),
    fallbackResult: fc.constantFrom('ALLOW', 'DENY'),
  }, { requiredKeys: [] }),
  loggingConfigurationIdentifiers: fc.array(loggingConfiguration, { maxLength: 3 }),
  tags,
  region,
  existingArn: fc.constant('arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl'),
}, { requiredKeys: [] });
const loggingConfigurations: fc.Arbitrary<LoggingConfigurationProperties> = fc.record({
  name,
  destinationConfiguration: fc.oneof(
    fc.record({ s3: fc.record({ bucketName: fc.stringMatching(/^[a-z0-9-.]{3,63}$/) }) }),
    fc.record({ cloudWatchLogs: fc.record({ logGroupName: fc.stringMatching(/^[.\-_/#A-Za-z0-9]{1,60}$/) }) }),
    fc.record({ firehose: fc.record({ deliveryStreamName: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,64}$/) }) }),
  ),
  tags,
  region,
  existingArn: loggingConfiguration,
}, { requiredKeys: ['destinationConfiguration'] });

/** Converts every scalar to a string, like CloudFormation. */
const delivered = (value: unknown): any => JSON.parse(JSON.stringify(value), (_, inner) =>
  (typeof inner === 'number' || typeof inner === 'boolean' ? String(inner) : inner));
const known = (value: unknown) => JSON.parse(JSON.stringify(value));

test('the properties of a room are the same after encoding, CloudFormation and decoding', () => {
  fc.assert(fc.property(rooms, (properties) => {
    expect(
      decodeRoomProperties({
        ServiceToken: 'arn',
        ServiceTimeout: '600',
        ...delivered(encodeRoomProperties(properties as never)),
      }),
    )
      .toEqual({ properties: known(properties), problems: [] });
  }), { numRuns: few ? 30 : 500 });
});

test('the properties of a logging configuration are the same after encoding, CloudFormation and decoding', () => {
  fc.assert(fc.property(loggingConfigurations, (properties) => {
    expect(
      decodeLoggingConfigurationProperties({
        ServiceToken: 'arn',
        ...delivered(encodeLoggingConfigurationProperties(properties as never)),
      }),
    )
      .toEqual({ properties: known(properties), problems: [] });
  }), { numRuns: few ? 30 : 500 });
});

test('the names in a template are in PascalCase', () => {
  expect(encodeRoomProperties({
    name: 'Lobby',
    maximumMessageLength: 300,
    maximumMessageRatePerSecond: 50,
    messageReviewHandler: { uri: 'arn', fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: ['arn'],
    tags: { team: 'chat' },
    region: 'eu-west-1',
    existingArn: 'arn',
  })).toEqual({
    Name: 'Lobby',
    MaximumMessageLength: 300,
    MaximumMessageRatePerSecond: 50,
    MessageReviewHandler: { Uri: 'arn', FallbackResult: 'DENY' },
    LoggingConfigurationIdentifiers: ['arn'],
    Tags: { team: 'chat' },
    Region: 'eu-west-1',
    ExistingArn: 'arn',
  });
  expect(
    encodeLoggingConfigurationProperties({
      name: 'Logs',
      destinationConfiguration: { cloudWatchLogs: { logGroupName: 'g' } },
      tags: {},
    }),
  ).toEqual({
    Name: 'Logs', DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'g' } }, Tags: {},
  });
  expect([ROOM_RESOURCE_TYPE, LOGGING_CONFIGURATION_RESOURCE_TYPE])
    .toEqual(['Custom::IVSChatRoom', 'Custom::IVSChatLoggingConfiguration']);
});

test('absent properties stay absent, and tokens are not changed', () => {
  const token = { resolve: () => 'later' };
  expect(encodeRoomProperties({ name: undefined, tags: token, maximumMessageLength: token }))
    .toEqual({ Tags: token, MaximumMessageLength: token });
});

test.each([
  '1e1', ' 5', '5 ', '5.0', '0x5', '', '+5', '05', '५', '5\n', '-0', '99999999999999999', 'NaN', 'true', [], {}, true,
])(
  'fails on %j as an integer', (value) => {
    expect(decodeRoomProperties({ MaximumMessageLength: value }).problems).toEqual([
      { path: 'MaximumMessageLength', message: `must be an integer, got ${JSON.stringify(value)}` },
    ]);
  });

test.each([['5', 5], [5, 5], ['500', 500]])('reads %j as an integer', (value, expected) => {
  expect(decodeRoomProperties({ MaximumMessageLength: value }))
    .toEqual({ properties: { maximumMessageLength: expected }, problems: [] });
});

test.each([
  ['0', 'between 1 and 500, got 0'],
  ['-1', 'between 1 and 500, got -1'],
  ['501', 'between 1 and 500, got 501'],
  ['9007199254740991', 'between 1 and 500, got 9007199254740991'],
])(
  'fails on %s out of range', (value, message) => {
    expect(decodeRoomProperties({ MaximumMessageLength: value }).problems)
      .toEqual([{ path: 'MaximumMessageLength', message: `must be ${message}` }]);
  });

test.each(['00123', 'true', '1e3', '5'])('a name that resembles another type stays the string %j', (text) => {
  expect(decodeRoomProperties({ Name: text }).properties).toEqual({ name: text });
});

test('problems contain the names of the template', () => {
  const { problems } = decodeRoomProperties({
    Name: 'no spaces',
    MessageReviewHandler: {
      FallbackResult: 'PERHAPS',
    },
    LoggingConfigurationIdentifiers: ['x'],
    Tags: { team: ['x'] },
    Region: 'eu-north-1',
  });
  expect(problems.map(({ path }) => path)).toEqual([
    'Name', 'MessageReviewHandler.FallbackResult', 'LoggingConfigurationIdentifiers[0]', 'Tags.team', 'Region',
  ]);
  expect(decodeLoggingConfigurationProperties({}).problems)
    .toEqual([{ path: 'DestinationConfiguration', message: 'is required' }]);
  expect(decodeLoggingConfigurationProperties({
    DestinationConfiguration: { S3: {}, Firehose: { DeliveryStreamName: 'no spaces' } },
  }).problems
    .map(({ path, message }) => `${path} ${message}`)).toEqual([
    'DestinationConfiguration must have exactly one of S3, CloudWatchLogs, Firehose, got S3, Firehose',
    'DestinationConfiguration.S3.BucketName is required',
    'DestinationConfiguration.Firehose.DeliveryStreamName must contain only letters, digits, underscores, periods'
    + ' and hyphens, got "no spaces"',
  ]);
});

test('decode never throws and returns only known members', () => {
  const delivery = fc.dictionary(
    fc.constantFrom(
      'Name',
      'MaximumMessageLength',
      'MessageReviewHandler',
      'LoggingConfigurationIdentifiers',
      'Tags',
      'Region',
      '__proto__',
      'constructor',
      'Else',
    ),
    fc.anything(), { noNullPrototype: false });
  fc.assert(fc.property(delivery, (properties) => {
    const decoded = decodeRoomProperties(properties).properties;
    expect(
      Object.keys(decoded).filter((member) => !(member in { ...ROOM_DEFAULTS, tags: 0, region: 0, existingArn: 0 })),
    ).toEqual([]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  }), { numRuns: few ? 50 : 1000 });
});

// One entry for each format of a release. A rollback can send every format of an earlier release.
test.each([
  ['0.1', {
    ServiceToken: 'arn',
    ServiceTimeout: '600',
    Name: 'Lobby',
    MaximumMessageLength: '300',
    MaximumMessageRatePerSecond: '50',
    Tags: { team: 'chat' },
  },
  { name: 'Lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'chat' } }],
])('decodes the room properties of release %s', (_, template, properties) => {
  expect(decodeRoomProperties(template)).toEqual({ properties, problems: [] });
});

test('the library reserves four of the 50 tags', () => {
  expect(Object.values(ownershipTags)).toEqual([
    'cdk-ivs-chat:owner',
    'cdk-ivs-chat:created-by',
    'cdk-ivs-chat:updated-by',
    'cdk-ivs-chat:tag-keys',
  ]);
  expect(MAXIMUM_USER_TAGS).toBe(46);
});
