import {
  ActionButton, Badge, CopyButton, Facts, PageHeading, Section, Table, UserLink, type PageProps,
} from './elements';
import { lastPart, matches, shortName } from './format';
import { hrefTo } from './route';
import { callOperation, sendToServer } from './service-requests';
import { showError, showToast } from './toasts';

type Room = PageProps['data']['rooms'][number];

const nameOf = ({ name, arn }: Room) => name || lastPart(arn);
const createRoom = () => callOperation('CreateRoom', {});

export function RoomsPage(props: PageProps) {
  const { data, route, search } = props;
  const chosen = data.rooms.find(({ arn }) => lastPart(arn) === route.path[0]);
  if (route.path[0] !== undefined) return <RoomDetails {...props} room={chosen} />;
  return (
    <>
      <PageHeading title="Rooms">
        <ActionButton action={createRoom} done="CreateRoom: the room was created">Create a room</ActionButton>
      </PageHeading>
      <section class="card">
        <Table
          title="Rooms"
          items={data.rooms.filter((room) => matches(room, search))}
          keyOf={({ arn }) => arn}
          hrefOf={({ arn }) => hrefTo('rooms', [lastPart(arn)])}
          columns={[
            { title: 'Name', cell: (room) => <bdi>{nameOf(room)}</bdi>, wraps: true },
            { title: 'ID', cell: ({ arn }) => <code>{lastPart(arn)}</code>, isWide: true },
            { title: 'Connections', cell: ({ connections }) => connections, isNumber: true },
            { title: 'Messages/s', cell: (room) => room.maximumMessageRatePerSecond, isNumber: true, isWide: true },
            { title: 'Length', cell: (room) => room.maximumMessageLength, isNumber: true, isWide: true },
            { title: 'Review', cell: (room) => <Review room={room} /> },
            { title: 'Logs', cell: (room) => room.loggingConfigurations || '–', isNumber: true, isWide: true },
          ]}
          empty={search
            ? 'No room matches.'
            : 'There is no room. Create one here, with CreateRoom, or with a deployment.'}
        />
      </section>
    </>
  );
}

function Review({ room: { messageReviewHandler, fallbackResult } }: { room: Room }) {
  if (messageReviewHandler === undefined) return <>–</>;
  const [, name] = /:function:([^:]+)/.exec(messageReviewHandler) ?? [];
  return <>{shortName(name ?? lastPart(messageReviewHandler))} <Badge>fallback: {fallbackResult}</Badge></>;
}

function RoomDetails({ data, route, room }: PageProps & { room: Room | undefined }) {
  if (!room) {
    return (
      <>
        <PageHeading title={`Room ${route.path[0]}`}><a href={hrefTo('rooms')}>All rooms</a></PageHeading>
        <div class="card empty">This room does not exist, or was deleted.</div>
      </>
    );
  }
  const people = data.connections.filter(({ roomArn }) => roomArn === room.arn);
  const sendEvent = async (form: HTMLFormElement) => {
    const { eventName, attributes } = Object.fromEntries(new FormData(form)) as { [field: string]: string };
    try {
      await callOperation('SendEvent', {
        roomIdentifier: room.arn, eventName, attributes: attributes ? JSON.parse(attributes) : undefined,
      });
      showToast(`SendEvent: ${eventName} was sent`);
    } catch (error) {
      showError(error);
    }
  };
  return (
    <>
      <PageHeading title={nameOf(room)}>
        <a href={hrefTo('rooms')}>All rooms</a>
        <a href={hrefTo('messages', [], { room: lastPart(room.arn) })}>Messages</a>
        <a href={hrefTo('people', ['new'], { room: lastPart(room.arn) })}>Create a user</a>
        <ActionButton class="danger" action={() => sendToServer('POST', 'drop-connections', { roomArn: room.arn })}
          done="The connections are dropped">
          Drop connections
        </ActionButton>
      </PageHeading>
      <Section title="Properties">
        <Facts facts={{
          'ARN': <><code>{room.arn}</code> <CopyButton text={room.arn} label="Copy the ARN" /></>,
          'Messages per second': room.maximumMessageRatePerSecond,
          'Message length': `${room.maximumMessageLength} characters`,
          'Message review': <Review room={room} />,
          'Logging configurations': room.loggingConfigurations,
        }} />
      </Section>
      <Section title="People">
        {people.length
          ? (
            <ul class="inline">
              {people.map(({ userId }, index) => (
                <li key={`${userId} ${index}`}><UserLink data={data} roomArn={room.arn} userId={userId} /></li>
              ))}
            </ul>
          )
          : <div class="empty">Nobody is connected.</div>}
      </Section>
      <Section title="Send an event">
        <form class="form" onSubmit={(event) => {
          event.preventDefault();
          void sendEvent(event.currentTarget);
        }}>
          <label>Event name <input name="eventName" required placeholder="app:poll" /></label>
          <label>Attributes, as JSON <input name="attributes" placeholder='{"question":"Ready?"}' /></label>
          <button type="submit" class="primary">SendEvent</button>
        </form>
      </Section>
    </>
  );
}
