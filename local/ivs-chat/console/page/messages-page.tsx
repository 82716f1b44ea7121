import type { ShownFrame } from '../console-update';
import { ActionButton, Badge, PageHeading, RoomLink, Table, Time, UserLink, type PageProps } from './elements';
import { lastPart, matches } from './format';
import { kindOf, type ConsoleData } from './live-console';
import { hrefTo } from './route';
import { callOperation } from './service-requests';

/** The messages and events of all rooms, newest first. */
export const roomMessages = ({ frames }: ConsoleData): ShownFrame[] =>
  frames.filter((frame) => frame.direction === 'sent' && kindOf(frame) !== 'ERROR').reverse();

const contentOf = (frame: ShownFrame) => frame.content as { readonly [member: string]: any };

export function MessagesPage({ data, route, search }: PageProps) {
  const room = route.query.room ?? '';
  const all = roomMessages(data);
  const messages = all.filter((frame) =>
    (room === '' || lastPart(frame.roomArn) === room) && matches(frame, search));
  const deleted = new Map(all
    .filter(({ type }) => type === 'aws:DELETE_MESSAGE')
    .map((frame) => contentOf(frame).Attributes ?? {})
    .map(({ MessageID, Reason }) => [MessageID as string, Reason as string]));
  return (
    <>
      <PageHeading title="Messages">
        <label class="inline-label">Room{' '}
          <select value={room} onChange={(event) => {
            location.hash = hrefTo('messages', [], { ...route.query, room: event.currentTarget.value });
          }}>
            <option value="">all rooms</option>
            {data.rooms.map(({ arn, name }) => (
              <option key={arn} value={lastPart(arn)}>{name || lastPart(arn)}</option>
            ))}
          </select>
        </label>
      </PageHeading>
      <section class="card">
        <Table
          title="Messages and events"
          items={messages}
          keyOf={({ number }) => number}
          hrefOf={({ number }) => hrefTo('frames', [number])}
          columns={[
            { title: 'Time', cell: ({ time }) => <Time iso={time} /> },
            { title: 'Room', cell: ({ roomArn }) => <RoomLink data={data} roomArn={roomArn} />, isWide: true },
            {
              title: 'From',
              cell: (frame) => (kindOf(frame) === 'MESSAGE'
                ? <UserLink data={data} roomArn={frame.roomArn} userId={contentOf(frame).Sender.UserId} />
                : <Badge tone="accent">event</Badge>),
            },
            {
              title: 'Content',
              wraps: true,
              cell: (frame) => <Content frame={frame} deleted={deleted} />,
            },
            {
              title: 'Actions',
              isWide: true,
              cell: (frame) => kindOf(frame) === 'MESSAGE' && !deleted.has(contentOf(frame).Id) && (
                <ActionButton
                  class="quiet"
                  aria-label={`Delete the message ${contentOf(frame).Id}`}
                  action={() => callOperation('DeleteMessage', {
                    roomIdentifier: frame.roomArn, id: contentOf(frame).Id, reason: 'Deleted in the console',
                  })}
                  done="DeleteMessage: the message was deleted"
                >
                  Delete
                </ActionButton>
              ),
            },
          ]}
          empty={search || room ? 'Nothing matches.' : 'There are no messages or events yet.'}
        />
      </section>
    </>
  );
}

function Content({ frame, deleted }: { frame: ShownFrame; deleted: ReadonlyMap<string, string> }) {
  const { Attributes, Content: text, EventName, Id } = contentOf(frame);
  if (EventName !== undefined) return <><strong>{EventName}</strong> <code>{JSON.stringify(Attributes ?? {})}</code></>;
  if (!deleted.has(Id)) return <bdi>{text}</bdi>;
  return <><del><bdi>{text}</bdi></del> <Badge tone="bad">deleted{deleted.get(Id) && `: ${deleted.get(Id)}`}</Badge></>;
}
