export { startLocal } from './start-local';
export type { Local, LocalOptions } from './start-local';
