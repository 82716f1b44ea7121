import { guest, moderator, viewer } from '../../standard-rights';
import { STANDARD_ROLES } from '../../../../src/contract/chat-api/roles';

const all = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];

// The order matters: the templates have the name of a role with equal rights.
test('each standard role has its rights and no others', () => {
  expect(STANDARD_ROLES).toEqual({
    guest: { capabilities: [], operations: guest },
    viewer: { capabilities: ['SEND_MESSAGE'], operations: viewer },
    moderator: { capabilities: all, operations: moderator },
    host: { capabilities: all, operations: [...moderator, 'SendEvent'] },
  });
});
