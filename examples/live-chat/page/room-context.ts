import type { ChatApiClient } from 'cdk-ivs-chat/session';
import { createContext, useContext } from 'react';
import type { Me } from './enter';

/** A call of the chat API, with the words for its result. */
export interface RoomAction {
  /** The operation of the chat API, such as `ban-user`. */
  readonly operation: string;
  readonly input: object;
  /** The result in words. */
  readonly done: string;
  /** The call that undoes the action. @default - the action cannot be undone */
  readonly undo?: Omit<RoomAction, 'undo'>;
}

/** The short text that tells the user what an action has done. */
export interface Toast {
  readonly text: string;
  /** The call that was made, such as `POST /ban-user`. */
  readonly call?: string;
  readonly undo?: RoomAction;
}

export interface RoomContextValue {
  readonly me: Me;
  readonly api: ChatApiClient;
  /** Calls the chat API as the user of this page, shows the result, and returns whether the call succeeded. */
  act(action: RoomAction): Promise<boolean>;
  showToast(toast: Toast): void;
}

export const RoomContext = createContext<RoomContextValue | undefined>(undefined);

/** Returns the user of this page and the actions of the user. They stay the same while the user is in the room. */
export function useRoom(): RoomContextValue {
  return useContext(RoomContext)!;
}

/** Returns whether the user can moderate. The chat API decides about each request; this only selects the buttons. */
export const isModerator = ({ role }: Me) => role !== 'viewer';
