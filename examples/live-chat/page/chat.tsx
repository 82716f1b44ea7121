/** The chat page: users join with a name and a role, and enter the room. */
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { enter, type Visit } from './enter';
import { JoinCard } from './join-card';
import { Room } from './room';

function Page() {
  const [visit, setVisit] = useState<Visit>();
  if (!visit) return <JoinCard onJoin={async (user) => setVisit(await enter(user))} />;
  return <Room visit={visit} renewVisit={async () => setVisit(await enter(visit.me))} />;
}

createRoot(document.getElementById('root')!).render(<Page />);
