import { useState, type FormEvent } from 'react';
import type { SignIn } from '../sign-in';
import { Avatar } from './avatar';
import { userIdOfTab } from './enter';
import { suggestName } from './people';
import { ThemeSwitch } from './theme-switch';

const ROLES = {
  viewer: 'Writes, reacts, votes and reports',
  moderator: 'Also removes messages and users',
  host: 'Also announces and starts polls',
} as const;
type Role = keyof typeof ROLES;
const roles = Object.keys(ROLES) as Role[];
const roleOf = (text: string) => roles.find((role) => role === text);

/** The first view: the name and the role of the user. A reload keeps both, unless the address has a role. */
export function JoinCard({ onJoin }: { onJoin(user: SignIn): Promise<void> }) {
  const [name, setName] = useState<string>(() => sessionStorage.userName ?? suggestName());
  const [role, setRole] = useState<Role>(() =>
    roleOf(location.hash.slice(1)) ?? roleOf(sessionStorage.role) ?? 'viewer');
  const [problem, setProblem] = useState('');
  const [isJoining, setJoining] = useState(false);
  const userId = userIdOfTab();

  async function join(submit: FormEvent) {
    submit.preventDefault();
    setProblem('');
    setJoining(true);
    Object.assign(sessionStorage, { userName: name.trim(), role });
    try {
      await onJoin({ userId, name: name.trim(), role });
    } catch (error) {
      setProblem(error instanceof TypeError
        ? 'The server of this page does not answer. Run npm start again.'
        : `The chat cannot be joined: ${(error as Error).message}`);
      setJoining(false);
    }
  }

  return (
    <main className="lobby">
      <form id="join" onSubmit={join}>
        <header>
          <h1>Live chat</h1>
          <ThemeSwitch />
        </header>
        <div className="row">
          <Avatar userId={userId} name={name} />
          <div className="grow">
            <label htmlFor="name">Your name</label>
            <input
              id="name" maxLength={40} required pattern=".*\S.*" autoComplete="nickname" autoFocus
              value={name} onChange={({ target }) => setName(target.value)} onFocus={({ target }) => target.select()}
            />
          </div>
        </div>
        <fieldset>
          <legend>Your role</legend>
          {roles.map((candidate) => (
            <label key={candidate} className="choice">
              <input
                type="radio" name="role" value={candidate} checked={role === candidate}
                onChange={() => setRole(candidate)}
              />
              <span><strong>{candidate}</strong><small>{ROLES[candidate]}</small></span>
            </label>
          ))}
        </fieldset>
        <button className="primary" disabled={isJoining}>Join</button>
        <p className="problem" role="alert">{problem}</p>
        <p className="hint">
          This page runs on your machine, so you can choose any role. In a product, the sign-in decides.
        </p>
      </form>
    </main>
  );
}
