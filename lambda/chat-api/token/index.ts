import { tokenOperations } from './token-operations';
import { chatApiHandler } from '../chat-api-handler';
import { effectsOfEnvironment } from '../chat-api-effects';

const effects = effectsOfEnvironment();

export const handler = chatApiHandler('token', tokenOperations(effects), effects);
