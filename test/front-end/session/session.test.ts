import { Participant } from './participant';
import { Fixture } from '../../local/ivs-chat/fixture';

let fixture: Fixture;
let roomArn: string;
const participants: Participant[] = [];
const participant = (...[userId, options]: [string, ConstructorParameters<typeof Participant>[3]?]) => {
  const one = new Participant(fixture, roomArn, userId, options);
  participants.push(one);
  return one;
};

beforeEach(async () => {
  fixture = await Fixture.start();
  roomArn = await fixture.createRoom();
});
afterEach(async () => {
  for (const { session } of participants.splice(0)) session.leave();
  await fixture.end();
});

test('sends a message to itself and to others', async () => {
  const alice = await participant('alice').joined();
  const bob = await participant('bob', { capabilities: [] }).joined();
  const sent = await alice.session.send('Hi 👋', { attributes: { a: 'b' } });
  expect(sent).toMatchObject({
    content: 'Hi 👋', attributes: { a: 'b' }, sender: { userId: 'alice' }, status: 'sent', isOwn: true,
  });
  expect(await bob.heard('message')).toMatchObject({ id: sent.id, content: 'Hi 👋', isOwn: false });
  expect(alice.session.messages).toEqual([sent]);
  expect(alice.statuses()).toEqual(['connecting', 'connected']);
  expect(alice.tokens).toBe(1);
});
