import { useState } from 'preact/hooks';
import type { ShownFrame } from '../console-update';
import {
  ActionButton, Badge, capabilityText, CopyButton, Facts, PageHeading, RoomLink, roomName, Section, Table, userName,
  type PageProps,
} from './elements';
import { explainClose } from './explanations';
import { FrameTable } from './frames-page';
import { fromNow, lastPart, matches } from './format';
import { kindOf, nameKey, type ConsoleData } from './live-console';
import { hrefTo } from './route';
import { callOperation, createToken, sendAs, sendToServer, type ChatUser } from './service-requests';
import { showError, showToast } from './toasts';

const allCapabilities = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];

/** A user of a room who is connected, or was connected recently. */
export interface Person extends ChatUser {
  readonly connections: number;
  readonly sessionExpirationTime?: string;
  /** The end of the last connection. */
  readonly left?: ShownFrame;
}

/** Returns the connected users, and then those who left, the last first. */
export function peopleOf({ connections, frames }: ConsoleData): Person[] {
  const people = new Map<string, Person>();
  for (const connection of connections) {
    const key = nameKey(connection.roomArn, connection.userId);
    const newest = people.get(key) ?? { ...connection, connections: 0 };
    people.set(key, { ...newest, connections: newest.connections + 1 });
  }
  const described = new Set<string>();
  for (const frame of frames.slice().reverse()) {
    const { roomArn, userId = '', content } = frame;
    const key = nameKey(roomArn, userId);
    const known = people.get(key);
    if (kindOf(frame) === 'CLOSE' && !known) {
      people.set(key, { roomArn, userId, attributes: {}, capabilities: [], connections: 0, left: frame });
    } else if (kindOf(frame) === 'CONNECT' && known?.left && !described.has(key)) {
      described.add(key);
      const { Attributes: attributes, Capabilities: capabilities } = content as any;
      people.set(key, { ...known, attributes, capabilities });
    }
  }
  return [...people.values()];
}

export function PeoplePage(props: PageProps) {
  const { data, route, search, now } = props;
  const [room, userId] = route.path;
  if (room === 'new') return <NewUser {...props} />;
  if (room !== undefined && userId !== undefined) return <PersonDetails {...props} roomId={room} userId={userId} />;
  return (
    <>
      <PageHeading title="People"><a class="button" href={hrefTo('people', ['new'])}>Create a user</a></PageHeading>
      <section class="card">
        <Table
          title="People"
          items={peopleOf(data).filter((person) =>
            matches([person, userName(data, person.roomArn, person.userId), roomName(data, person.roomArn)], search))}
          keyOf={(person) => nameKey(person.roomArn, person.userId)}
          hrefOf={(person) => hrefTo('people', [lastPart(person.roomArn), person.userId])}
          columns={[
            {
              title: 'Name',
              cell: ({ roomArn, userId: id }) => <bdi>{userName(data, roomArn, id)}</bdi>,
              wraps: true,
            },
            { title: 'State', cell: (person) => <Presence data={data} person={person} />, wraps: true },
            { title: 'Room', cell: ({ roomArn }) => <RoomLink data={data} roomArn={roomArn} />, isWide: true },
            {
              title: 'Capabilities',
              cell: ({ capabilities }) => capabilityText(capabilities),
              wraps: true,
              isWide: true,
            },
            {
              title: 'Session ends',
              cell: ({ sessionExpirationTime: end }) => (end === undefined ? '–' : fromNow(end, now)),
              isWide: true,
            },
            { title: 'User ID', cell: (person) => <code>{person.userId}</code>, isWide: true, wraps: true },
          ]}
          empty={search ? 'Nobody matches.' : 'Nobody has connected yet. Create a user, or connect with a chat token.'}
        />
      </section>
    </>
  );
}

function Presence({ data, person: { connections, left } }: { data: ConsoleData; person: Person }) {
  if (left) return <><Badge>left</Badge> {explainClose(left, data.names)}</>;
  return <Badge tone="good">connected{connections > 1 && ` ${connections} times`}</Badge>;
}

function PersonDetails({ data, now, roomId, userId }: PageProps & { roomId: string; userId: string }) {
  const roomArn = [...data.rooms.map(({ arn }) => arn), ...data.frames.map((frame) => frame.roomArn)]
    .find((arn) => lastPart(arn) === roomId);
  const person = peopleOf(data).find((other) => other.roomArn === roomArn && other.userId === userId);
  const back = <a href={hrefTo('people')}>All people</a>;
  if (roomArn === undefined) {
    return (
      <>
        <PageHeading title={userId}>{back}</PageHeading>
        <div class="card empty">The room {roomId} does not exist, or was deleted.</div>
      </>
    );
  }
  // A user can have a token without a connection. The first token is the newest.
  const token = data.tokens.find((other) => other.roomArn === roomArn && other.userId === userId);
  const user: ChatUser = person ?? token ?? { roomArn, userId, attributes: {}, capabilities: ['SEND_MESSAGE'] };
  const isHere = (person?.connections ?? 0) > 0;
  const name = userName(data, roomArn, userId);
  const frames = data.frames
    .filter((frame) => frame.roomArn === roomArn
      && (frame.userId === userId || (frame.content as any)?.Sender?.UserId === userId))
    .reverse();
  return (
    <>
      <PageHeading title={name}>
        {back}
        <ActionButton
          disabled={!isHere}
          action={() => sendToServer('POST', 'drop-connections', { roomArn, userId })}
          done="The connections are dropped. A good client connects again."
        >
          Drop connections
        </ActionButton>
        <ActionButton
          class="danger"
          disabled={!isHere}
          action={() => callOperation('DisconnectUser', {
            roomIdentifier: roomArn, userId, reason: 'Disconnected in the console',
          })}
          done={`DisconnectUser: ${name} was disconnected`}
        >
          Disconnect
        </ActionButton>
      </PageHeading>
      {person?.left && (
        <div class="explanation">
          <p><strong>{name} is not connected.</strong> {explainClose(person.left, data.names)}</p>
        </div>
      )}
      <Section title="Properties">
        <Facts facts={{
          'User ID': <code>{userId}</code>,
          'Room': <RoomLink data={data} roomArn={roomArn} />,
          'State': person ? <Presence data={data} person={person} /> : 'has not connected',
          'Capabilities': capabilityText(user.capabilities),
          'Session ends': person?.sessionExpirationTime && fromNow(person.sessionExpirationTime, now),
          'Attributes': Object.keys(user.attributes).length > 0 && <code>{JSON.stringify(user.attributes)}</code>,
        }} />
      </Section>
      <SendAs user={user} name={name} />
      <Section title="Frames" tools={<a href={hrefTo('frames', [], { q: userId })}>Find in all frames</a>}>
        <FrameTable data={data} frames={frames} empty="There are no frames of this user." />
      </Section>
    </>
  );
}

function SendAs({ user, name }: { user: ChatUser; name: string }) {
  const [content, setContent] = useState('');
  const [answer, setAnswer] = useState<{ readonly text: string; readonly isError: boolean }>();
  const send = async () => {
    try {
      await sendAs(user, { Action: 'SEND_MESSAGE', Content: content });
      setAnswer({ text: 'The message was sent to the room.', isError: false });
      setContent('');
    } catch (error) {
      setAnswer({ text: (error as Error).message, isError: true });
    }
  };
  return (
    <Section title={`Send as ${name}`}>
      <form class="form" onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}>
        <label class="grow">Message
          <input value={content} required onInput={(event) => setContent(event.currentTarget.value)} />
        </label>
        <button type="submit" class="primary">Send</button>
      </form>
      <p class="soft" role="status">
        {answer
          ? <span class={answer.isError ? 'bad' : 'good'}>{answer.text}</span>
          : 'The console opens a connection of its own as this user, with a new chat token and the same capabilities.'}
      </p>
    </Section>
  );
}

function NewUser({ data, route }: PageProps) {
  const [token, setToken] = useState<{ readonly text: string; readonly user: ChatUser }>();
  const create = async (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const field = (name: string) => String(fields.get(name) ?? '').trim();
    const user = {
      roomArn: field('room'),
      userId: field('userId'),
      attributes: field('name') ? { displayName: field('name') } : {} as ChatUser['attributes'],
      capabilities: fields.getAll('capability').map(String),
    };
    try {
      setToken({ text: await createToken(user, Number(field('minutes')) || undefined), user });
      showToast('CreateChatToken: the token was created');
    } catch (error) {
      showError(error);
    }
  };
  const chosen = data.rooms.find(({ arn }) => lastPart(arn) === route.query.room);
  return (
    <>
      <PageHeading title="Create a user"><a href={hrefTo('people')}>All people</a></PageHeading>
      <Section title="User">
        {data.rooms.length ? (
          <form class="form" onSubmit={(event) => {
            event.preventDefault();
            void create(event.currentTarget);
          }}>
            <label>Room
              <select name="room">
                {data.rooms.map(({ arn, name }) => (
                  <option key={arn} value={arn} selected={arn === chosen?.arn}>{name || lastPart(arn)}</option>
                ))}
              </select>
            </label>
            <label>User ID <input name="userId" required maxLength={128} placeholder="ada" /></label>
            <label>Name <input name="name" placeholder="Ada" /></label>
            <label>Session, in minutes <input name="minutes" type="number" min="1" max="180" placeholder="60" /></label>
            <fieldset>
              <legend>Capabilities</legend>
              {allCapabilities.map((capability) => (
                <label key={capability}>
                  <input
                    type="checkbox"
                    name="capability"
                    value={capability}
                    defaultChecked={capability === 'SEND_MESSAGE'}
                  />
                  {capability}
                </label>
              ))}
            </fieldset>
            <button type="submit" class="primary">CreateChatToken</button>
          </form>
        ) : <div class="empty">There is no room yet. <a href={hrefTo('rooms')}>Create a room</a> first.</div>}
      </Section>
      {token && (
        <Section title={`The chat token of ${token.user.userId}`}>
          <p>The token opens one connection within 60 seconds. It is not shown here.</p>
          <div class="actions">
            <CopyButton text={token.text} label="Copy the token">Copy the token</CopyButton>
            <CopyButton text={`npx wscat -c ws://${location.host} -s ${token.text}`} label="Copy the command of wscat">
              Copy as a wscat command
            </CopyButton>
            <a class="button" href={hrefTo('people', [lastPart(token.user.roomArn), token.user.userId])}>
              Open the page of {token.user.userId}
            </a>
          </div>
        </Section>
      )}
    </>
  );
}
