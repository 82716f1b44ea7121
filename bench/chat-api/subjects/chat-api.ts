export { handler } from '../../../lambda/chat-api/token';
