import {
  createChatSession, type ChatSession, type ChatSessionEvents, type ChatSessionOptions,
} from '../../../front-end/session';
import type { Fixture } from '../../local/ivs-chat/fixture';

export const EVERYTHING = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];
const names = ['message', 'event', 'remove', 'disconnect', 'status'] as const;

interface ParticipantOptions extends Partial<ChatSessionOptions> {
  readonly capabilities?: string[];
  readonly sessionDurationInMinutes?: number;
}

/** A session against the local service, with its recorded events. */
export class Participant {
  readonly told: [string, any][] = [];
  readonly session: ChatSession;
  tokens = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(fixture: Fixture, roomArn: string, readonly userId: string, options: ParticipantOptions = {}) {
    const { capabilities = EVERYTHING, sessionDurationInMinutes = 60, token, ...others } = options;
    this.session = createChatSession({
      endpoint: fixture.chat.messaging,
      ...others,
      token: async (request) => {
        this.tokens++;
        return token ? token(request) : fixture.token(roomArn, userId, capabilities, { sessionDurationInMinutes });
      },
    });
    for (const name of names) {
      this.session.on(name, (value) => {
        this.told.push([name, value]);
        this.waiting.splice(0).forEach((wake) => wake());
      });
    }
  }

  /** Returns the nth event with this name. */
  async heard<Name extends keyof ChatSessionEvents>(name: Name, nth = 1): Promise<ChatSessionEvents[Name]> {
    for (;;) {
      const found = this.told.filter(([other]) => other === name)[nth - 1];
      if (found) return found[1];
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Waits until the session has a status, now or later. */
  async reached(status: string): Promise<this> {
    while (this.session.status !== status) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this;
  }

  async joined(): Promise<this> {
    this.session.join();
    return this.reached('connected');
  }

  statuses(): string[] {
    return this.told.filter(([name]) => name === 'status').map(([, { status }]) => status);
  }
}
