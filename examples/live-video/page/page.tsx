/** The page: a live video with a chat and polls beside it. */
import { ChatProvider, useChatSession } from 'cdk-ivs-chat/react';
import { createChatApiClient } from 'cdk-ivs-chat/session';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Composer, ConnectionStatus, Messages } from './chat';
import { HostTools, PollCard } from './poll';
import { Video } from './video';

/** The outputs of the stack that the page uses. */
interface Outputs {
  readonly PlaybackUrl: string;
  readonly ChatUrl: string;
  /** The Region of the room, or the `ws://` URL of a local IVS Chat. */
  readonly ChatEndpoint: string;
}

function Page({ outputs, idToken }: { outputs: Outputs; idToken: string }) {
  const [role, setRole] = useState<string>();
  const api = useMemo(() => createChatApiClient({ url: outputs.ChatUrl, idToken: () => idToken }), [outputs, idToken]);
  const session = useChatSession({
    endpoint: outputs.ChatEndpoint,
    token: async ({ signal }) => {
      const { displayName, role: grantedRole, ...token } = await api.call('create-chat-token', {}, signal);
      setRole(grantedRole);
      return { ...token, attributes: { displayName, role: grantedRole } };
    },
  });

  return (
    <ChatProvider session={session}>
      <main><Video playbackUrl={outputs.PlaybackUrl} /></main>
      <aside aria-label="Chat">
        <ConnectionStatus />
        {role === 'host' && <HostTools api={api} />}
        <PollCard />
        <Messages />
        <Composer />
      </aside>
    </ChatProvider>
  );
}

function SignIn() {
  return (
    <main className="card sign-in">
      <h1>Live video</h1>
      <p>Open this page with the link of your sign-in. The README.md of this example has the command.</p>
    </main>
  );
}

/** Reads the ID token from the link, and removes it from the address. Each tab can have another user. */
function readIdToken(): string | undefined {
  const idToken = new URLSearchParams(location.hash.slice(1)).get('id_token');
  if (idToken) {
    sessionStorage.setItem('idToken', idToken);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('idToken') ?? undefined;
}

async function start() {
  // `cdk deploy --outputs-file page/outputs.json` writes this file. It contains no secrets.
  const { LiveVideo: outputs } = await (await fetch('outputs.json')).json();
  const idToken = readIdToken();
  createRoot(document.getElementById('root')!).render(
    idToken ? <Page outputs={outputs} idToken={idToken} /> : <SignIn />,
  );
}

void start();
