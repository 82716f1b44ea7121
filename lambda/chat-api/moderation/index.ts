import { disconnectLater, isDisconnectEvent, type DisconnectEvent } from './second-disconnect';
import { moderationOperations } from './moderation-operations';
import { chatApiHandler } from '../chat-api-handler';
import { effectsOfEnvironment } from '../chat-api-effects';
import type { HttpEvent } from '../http-event';

const effects = effectsOfEnvironment();
const handle = chatApiHandler('moderation', moderationOperations(effects), effects);

export const handler = (event: HttpEvent | DisconnectEvent) =>
  (isDisconnectEvent(event) ? disconnectLater(event, effects) : handle(event));
