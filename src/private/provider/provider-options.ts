import type { IConstruct } from 'constructs';
import { isGiven } from '../../contract/check';
import type { ChatRoomProviderOptions } from '../../chat-room-provider-options';

/** The property of a scope with its options. Several copies of the library in one app share it. */
const OPTIONS = Symbol.for('cdk-ivs-chat.ChatRoomProviderOptions');

/** Returns the options of a scope. The options of the closest scope take precedence, each on its own. */
export function providerOptions(scope: IConstruct): ChatRoomProviderOptions {
  return Object.assign({}, ...scope.node.scopes.map((at) => ownOptions(at)));
}

/** Adds options to a scope. They replace earlier options of the same name. */
export function addProviderOptions(scope: IConstruct, options: ChatRoomProviderOptions): void {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => isGiven(value)));
  Object.defineProperty(scope, OPTIONS, { value: { ...ownOptions(scope), ...given }, configurable: true });
}

function ownOptions(scope: IConstruct): ChatRoomProviderOptions {
  return (scope as { [OPTIONS]?: ChatRoomProviderOptions })[OPTIONS] ?? {};
}
