export { startLocal } from './start-local';
export type { Local, LocalOptions } from './start-local';
export { startLocalIvsChat } from './ivs-chat/start-local-ivs-chat';
export type { LocalIvsChat, LocalIvsChatOptions } from './ivs-chat/start-local-ivs-chat';
export { startLocalDeploy } from './deploy/start-local-deploy';
export type { LocalDeploy, LocalDeployOptions } from './deploy/start-local-deploy';
