/** The comparison of the service model with published models finds each kind of difference. */
import { dirname } from 'node:path';
import {
  differences, KINDS_OF_SDK, statementsOf, statementsOfBotocore, statementsOfSdk,
} from '../../../projenrc/service-model/compare';
import model from '../../../projenrc/service-model/service-model.json';
import type { ServiceModel } from '../../../projenrc/service-model/service-model';

const published = (): any => JSON.parse(JSON.stringify(model));
const sdk = statementsOfSdk(dirname(require.resolve('@aws-sdk/client-ivschat/package.json')));

test('the committed model says the same as the installed SDK', () => {
  expect([...sdk.keys()].filter((key) => key.endsWith('.request'))).toHaveLength(17);
  expect([...sdk.keys()].filter((key) => key.endsWith('.status'))).toHaveLength(8);
  expect(differences(statementsOf(published()), sdk, KINDS_OF_SDK)).toEqual([]);
});

test('an operation, a member, a status and a value that the SDK does not have are differences', () => {
  const changed = published();
  const traits = { 'smithy.api#http': { method: 'POST', uri: '/Pin' } };
  changed.shapes.PinMessage = { ...changed.shapes.GetRoom, traits };
  changed.shapes.CreateRoomRequest.members.topic = { target: 'RoomName' };
  changed.shapes.ConflictException.traits['smithy.api#httpError'] = 400;
  changed.shapes.FallbackResult.traits['smithy.api#enum'].pop();
  const found = differences(statementsOf(changed as ServiceModel), sdk, KINDS_OF_SDK);
  expect(found.map((difference) => difference.split(':')[0]))
    .toEqual(['ConflictException.status', 'CreateRoomRequest.members', 'FallbackResult.values', 'PinMessage.request']);
  expect(found).toContain('FallbackResult.values: ALLOW, DENY instead of ALLOW');
});

test('a model of botocore is compared with its limits, patterns, required members and errors', () => {
  const botocore = {
    operations: {
      DeleteRoom: {
        http: { method: 'POST', requestUri: '/DeleteRoom', responseCode: 204 },
        errors: [{ shape: 'Gone' }],
      },
    },
    shapes: {
      DeleteRoomRequest: {
        type: 'structure',
        required: ['identifier'],
        members: { identifier: { shape: 'RoomIdentifier' } },
      },
      Gone: { type: 'structure', members: {}, error: { httpStatusCode: 410 }, exception: true },
      RoomIdentifier: { type: 'string', min: 1, max: 64, pattern: 'arn:.+' },
      State: { type: 'string', enum: ['B', 'A'] },
      Tags: { type: 'map', key: { shape: 'RoomIdentifier' }, value: { shape: 'State' }, sensitive: true, min: 0 },
      List: { type: 'list', member: { shape: 'State' } },
      Rate: { type: 'integer', min: 0, max: 5 },
    },
  };
  const same = {
    version: '1',
    shapes: {
      DeleteRoom: {
        type: 'operation',
        errors: [{ target: 'Gone' }],
        traits: { 'smithy.api#http': { method: 'POST', uri: '/DeleteRoom', code: 204 } },
      },
      DeleteRoomRequest: {
        type: 'structure',
        members: { identifier: { target: 'RoomIdentifier', traits: { 'smithy.api#required': {} } } },
      },
      Gone: { type: 'structure', members: {}, traits: { 'smithy.api#error': 'client', 'smithy.api#httpError': 410 } },
      RoomIdentifier: {
        type: 'string',
        traits: { 'smithy.api#length': { min: 1, max: 64 }, 'smithy.api#pattern': '^arn:.+$' },
      },
      State: { type: 'string', traits: { 'smithy.api#enum': [{ value: 'A' }, { value: 'B' }] } },
      Tags: {
        type: 'map',
        key: { target: 'RoomIdentifier' },
        value: { target: 'State' },
        traits: { 'smithy.api#sensitive': {} },
      },
      List: { type: 'list', member: { target: 'State' } },
      Rate: { type: 'integer', traits: { 'smithy.api#range': { min: 0, max: 5 } } },
    },
  };
  expect(differences(statementsOf(same), statementsOfBotocore(botocore))).toEqual([]);

  const other = JSON.parse(JSON.stringify(botocore));
  other.shapes.DeleteRoomRequest.required = [];
  other.shapes.DeleteRoomRequest.members.identifier.shape = 'State';
  other.shapes.Gone.members = { room: { shape: 'RoomIdentifier' } };
  other.shapes.Gone.error.httpStatusCode = 409;
  delete other.operations.DeleteRoom.http.responseCode;
  other.shapes.List.member.shape = 'Tags';
  other.shapes.Rate.min = 1;
  other.shapes.Tags.value.shape = 'List';
  Object.assign(other.shapes.RoomIdentifier, { min: 2, max: 65, pattern: 'arn:.*' });
  other.shapes.State.enum.push('C');
  delete other.shapes.Tags.sensitive;
  other.operations.DeleteRoom.errors = [];
  const found = differences(statementsOf(same), statementsOfBotocore(other));
  expect(found.map((difference) => difference.split(':')[0])).toEqual([
    'DeleteRoom.errors', 'DeleteRoom.request', 'DeleteRoomRequest.identifier.shape', 'DeleteRoomRequest.required',
    'Gone.members', 'Gone.room.shape', 'Gone.status', 'List.parts', 'Rate.minimum', 'RoomIdentifier.maximum',
    'RoomIdentifier.minimum', 'RoomIdentifier.pattern', 'State.values', 'Tags.parts', 'Tags.sensitive',
  ]);
});
