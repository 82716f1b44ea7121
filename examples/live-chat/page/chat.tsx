/** The chat page: users join with a name and a role, and enter the room. */
import { useState, type FormEvent } from 'react';
import { createRoot } from 'react-dom/client';
import { Avatar } from './avatar';
import { Room, type Configuration, type Me } from './room';
import type { SignIn } from '../sign-in';

const ROLES = ['viewer', 'moderator', 'host'] as const;

function Page() {
  const [joined, setJoined] = useState<{ configuration: Configuration; me: Me }>();
  return joined ? <Room {...joined} /> : <JoinCard onJoin={setJoined} />;
}

function JoinCard({ onJoin }: { onJoin(joined: { configuration: Configuration; me: Me }): void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState(ROLES.find((candidate) => location.hash === `#${candidate}`) ?? 'viewer');
  const [problem, setProblem] = useState('');

  async function join(submit: FormEvent) {
    submit.preventDefault();
    setProblem('');
    try {
      const configuration: Configuration = await json('configuration.json');
      onJoin({ configuration, me: await signIn(name.trim(), role) });
    } catch (error) {
      setProblem(`The chat cannot be joined: ${(error as Error).message}`);
    }
  }

  return (
    <form id="join" onSubmit={join}>
      <h1>Live chat</h1>
      <div className="row">
        <Avatar userId={userIdOfTab()} name={name} />
        <div className="grow">
          <label htmlFor="name">Your name</label>
          <input
            id="name" maxLength={40} required pattern=".*\S.*" autoComplete="nickname" autoFocus
            value={name} onChange={({ target }) => setName(target.value)}
          />
        </div>
      </div>
      <fieldset>
        <legend>Your role</legend>
        {ROLES.map((candidate) => (
          <label key={candidate} className="choice">
            <input
              type="radio" name="role" value={candidate} checked={role === candidate}
              onChange={() => setRole(candidate)}
            />
            {candidate}
          </label>
        ))}
      </fieldset>
      <p className="hint">
        This page runs on your machine, so you can choose any role. In a product, the sign-in decides.
      </p>
      <button>Join</button>
      <p className="problem" role="alert">{problem}</p>
    </form>
  );
}

/** Each tab is a separate user. A reload keeps the user. */
function userIdOfTab(): string {
  return sessionStorage.userId ??= crypto.randomUUID();
}

/** In a product, the user pool signs the user in. The local sign-in accepts every name and role. */
async function signIn(name: string, role: SignIn['role']): Promise<Me> {
  const userId = userIdOfTab();
  const { idToken } = await json('sign-in', { method: 'POST', body: JSON.stringify({ userId, name, role }) });
  return { userId, name, role, idToken };
}

async function json(url: string, options?: RequestInit): Promise<any> {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

createRoot(document.getElementById('root')!).render(<Page />);
