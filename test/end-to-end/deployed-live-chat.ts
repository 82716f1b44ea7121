import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdk } from '../../examples/live-chat/cdk-cli';
import type { Outputs } from '../../examples/live-chat/round-trip';
import { servePage, type ServedPage } from '../../examples/live-chat/serve-page';
import type { SignIn } from '../../examples/live-chat/sign-in';
import { bringViewers } from '../../examples/live-chat/viewers';
import { createChatApiClient } from '../../front-end/session';
import { startLocal, type Local } from '../../local';

/** The live chat example, deployed by the CDK CLI to local services, with its page. */
export class DeployedLiveChat {
  /** @param port The port of the page. @default - any free port */
  static async start(port = 0): Promise<DeployedLiveChat> {
    const chat = new DeployedLiveChat(await startLocal(), await servePage(port));
    await chat.deploy();
    const configuration = { chatUrl: chat.outputs.ChatUrl, messaging: chat.local.messaging };
    const { signIn } = chat;
    // The viewers write and vote soon.
    const random = () => Math.random() / 4;
    chat.page.configure(configuration, signIn, (signal) => bringViewers({ ...configuration, signIn, signal, random }));
    return chat;
  }

  outputs!: Outputs;
  private readonly folder = mkdtempSync(join(tmpdir(), 'live-chat-'));

  private constructor(readonly local: Local, readonly page: ServedPage) {}

  async deploy(...context: string[]): Promise<void> {
    await cdk([
      'deploy', '--require-approval', 'never', '--progress', 'events',
      '--app', `node --import tsx ${join(__dirname, 'app', 'app.ts')}`,
      '--output', join(this.folder, 'cdk.out'), '--outputs-file', join(this.folder, 'outputs.json'),
      '--context', `pageOrigin=${this.page.origin}`,
      ...context.flatMap((pair) => ['--context', pair]),
    ], { environment: this.local.environment });
    this.outputs = JSON.parse(readFileSync(join(this.folder, 'outputs.json'), 'utf8')).LiveChat;
  }

  async destroy(): Promise<void> {
    const app = join(this.folder, 'cdk.out');
    await cdk(['destroy', '--force', '--app', app], { environment: this.local.environment });
  }

  readonly signIn = ({ userId, name, role }: SignIn): Promise<string> => {
    const claims = { name, 'cognito:groups': role === 'viewer' ? [] : [role] };
    return this.local.issueToken({ sub: userId, userPool: this.outputs.UserPoolId, tokenUse: 'id', claims });
  };

  /** Returns the ID token of a user. The user ID is the name in lower case. */
  tokenOf(name: string, role: SignIn['role'] = 'viewer'): Promise<string> {
    return this.signIn({ userId: name.toLowerCase(), name, role });
  }

  /** Calls an operation of the chat API. */
  call(idToken: string, operation: string, input?: object): Promise<any> {
    return createChatApiClient({ url: this.outputs.ChatUrl, idToken: () => idToken }).call(operation, input);
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.local.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
