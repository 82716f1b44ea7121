/**
 * Reactions and votes are messages with attributes. Everyone who can write can send them, and the review function sees
 * them. The user ID of the sender comes from the chat token. The list of messages does not show them.
 */
import type { ChatMessage } from 'cdk-ivs-chat/session';

export const REACTIONS = ['❤️', '🔥', '👏', '😂', '😮'] as const;

/** Returns the reaction that a message consists of, or undefined. */
export function reactionOf({ attributes }: ChatMessage): string | undefined {
  return REACTIONS.find((reaction) => reaction === attributes.reaction);
}

/** A vote for an option of a poll. The options are counted from 0. */
export interface Vote {
  readonly poll: string;
  readonly option: number;
}

/** Returns the vote that a message consists of, or undefined. */
export function voteOf({ attributes: { poll, option } }: ChatMessage): Vote | undefined {
  return poll && option && /^[0-3]$/.test(option) ? { poll, option: Number(option) } : undefined;
}

/** Returns whether a message is a reaction or a vote. */
export const isSignal = (message: ChatMessage) => reactionOf(message) !== undefined || voteOf(message) !== undefined;
