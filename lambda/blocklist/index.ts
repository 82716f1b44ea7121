export { createBlocklist } from './create-blocklist';
export type { Blocklist, BlocklistOptions } from './create-blocklist';
