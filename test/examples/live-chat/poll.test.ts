import {
  attributesOf, countVotes, MAXIMUM_OPTION_LENGTH, MAXIMUM_OPTIONS, MAXIMUM_QUESTION_LENGTH, pollOf, type Poll,
} from '../../../examples/live-chat/page/poll';
import { isSignal, reactionOf, voteOf } from '../../../examples/live-chat/page/signals';

const tea: Poll = { id: '1', question: 'Tea, or "coffee"?', options: ['Tea', 'a,b'], votes: [2, 10], isOpen: true };

test('the attributes of a poll contain the poll', () => {
  expect(attributesOf(tea)).toEqual({
    id: '1', question: 'Tea, or "coffee"?', options: '["Tea","a,b"]', votes: '2,10', state: 'open',
  });
  expect(attributesOf({ ...tea, isOpen: false }).state).toBe('closed');
  expect(pollOf(attributesOf(tea))).toEqual(tea);
  expect(pollOf(attributesOf({ ...tea, isOpen: false }))).toEqual({ ...tea, isOpen: false });
});

test('the longest poll fits into the 1 KB of an event', () => {
  const longest = attributesOf({
    id: crypto.randomUUID(),
    question: '🎉'.repeat(MAXIMUM_QUESTION_LENGTH / 2), // The length of a field counts UTF-16 code units.
    options: Array(MAXIMUM_OPTIONS).fill('漢'.repeat(MAXIMUM_OPTION_LENGTH)),
    votes: Array(MAXIMUM_OPTIONS).fill(1_000_000),
    isOpen: false,
  });
  expect(Buffer.byteLength(JSON.stringify(longest))).toBeLessThanOrEqual(1024);
});

test.each<{ [name: string]: string }>([
  {}, { options: 'no JSON' }, { options: '{}' }, { options: '[1,2]' }, { options: '["a"]' }, { votes: 'a,b' },
  { votes: '1,2 votes' },
  { question: '' }, { id: '' },
])('an event with %j is no poll', (changed) => {
  const attributes = Object.keys(changed).length ? { ...attributesOf(tea), ...changed } : {};
  expect(pollOf(attributes)).toBeUndefined();
});

test('a poll is open only if its event says so', () => {
  expect(pollOf({ ...attributesOf(tea), state: '' })!.isOpen).toBe(false);
});

test('votes are counted for each user, and only for options that exist', () => {
  expect(countVotes(new Map([['ada', 0], ['bob', 1], ['cal', 1], ['dan', 2], ['eve', 3]]), 2)).toEqual([1, 2]);
});

const message = (attributes: object) => ({ attributes }) as any;

test('a vote is a message with the ID of a poll and an option', () => {
  expect(voteOf(message({ poll: 'p', option: '3' }))).toEqual({ poll: 'p', option: 3 });
  const poll = 'p';
  for (const attributes of [{}, { poll }, { option: '1' }, { poll, option: '4' }, { poll, option: '1e3' }]) {
    expect(voteOf(message(attributes))).toBeUndefined();
  }
});

test('a reaction is a message with one of five reactions', () => {
  expect(reactionOf(message({ reaction: '🔥' }))).toBe('🔥');
  expect(reactionOf(message({ reaction: '<b>' }))).toBeUndefined();
  expect(isSignal(message({ reaction: '<b>' }))).toBe(false);
});
