import { useState } from 'preact/hooks';
import type { ShownFrame, ShownRequest } from '../console-update';
import {
  ActionButton, Badge, Facts, Filters, Json, PageHeading, RoomLink, Table, Time, UserLink, userName, type PageProps,
} from './elements';
import { explainClose, explainRequest, hasFailed } from './explanations';
import { bytesText, counted, matches } from './format';
import { kindOf, type ConsoleData } from './live-console';
import { peopleOf } from './people-page';
import { hrefTo } from './route';
import { sendAs } from './service-requests';

type Direction = ShownFrame['direction'];

const directions: { readonly [direction in Direction]: { readonly arrow: string; readonly text: string } } = {
  received: { arrow: '↑', text: 'to the service' },
  sent: { arrow: '↓', text: 'to clients' },
  connection: { arrow: '⇅', text: 'connection' },
};

const filters = {
  all: 'All', received: 'To the service', sent: 'To clients', connection: 'Connections', failed: 'Errors',
};

/** Returns the request of a received frame. */
const requestOf = (data: ConsoleData, { number }: ShownFrame): ShownRequest | undefined =>
  data.requests.find((request) => request.frame === number && request.operation !== 'MessageReview');

const reviewOf = (data: ConsoleData, { number }: ShownFrame): ShownRequest | undefined =>
  data.requests.find((request) => request.frame === number && request.operation === 'MessageReview');

const senderOf = ({ userId, content }: ShownFrame): string | undefined =>
  userId ?? (content as any)?.Sender?.UserId;

export function FramesPage({ data, route, search }: PageProps) {
  const [paused, setPaused] = useState<readonly ShownFrame[]>();
  const [clearedAt, setClearedAt] = useState(0);
  const show = route.query.show ?? 'all';
  const isShown = (frame: ShownFrame) => {
    if (show === 'all') return true;
    if (show !== 'failed') return frame.direction === show;
    const request = requestOf(data, frame);
    return kindOf(frame) === 'ERROR' || (request !== undefined && hasFailed(request));
  };
  const frames = (paused ?? data.frames)
    .filter((frame) => frame.number > clearedAt && isShown(frame)
      && matches([frame, userName(data, frame.roomArn, senderOf(frame) ?? '')], search))
    .reverse();
  const chosen = data.frames.find(({ number }) => String(number) === route.path[0]);
  const waiting = paused && data.frames.length ? data.frames.at(-1)!.number - (paused.at(-1)?.number ?? 0) : 0;
  return (
    <>
      <PageHeading title="Frames">
        <button
          type="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : data.frames)}
        >
          {paused ? `Resume${waiting ? ` (${waiting} new)` : ''}` : 'Pause'}
        </button>
        <button type="button" onClick={() => setClearedAt(data.frames.at(-1)?.number ?? 0)}>Clear</button>
        <ActionButton action={() => download(frames)} disabled={!frames.length}>Export</ActionButton>
      </PageHeading>
      <Filters route={route} name="show" options={filters} />
      <div class={`split ${route.path[0] ? 'open' : ''}`}>
        <section class="card">
          <FrameTable data={data} frames={frames} current={chosen?.number} query={route.query}
            empty={search || show !== 'all' ? 'No frame matches.' : 'There are no frames yet. Connect a client.'} />
        </section>
        {route.path[0] && (
          <aside class="card details" aria-label="Frame">
            {chosen
              ? <FrameDetails data={data} frame={chosen} />
              : <div class="empty">The frame {route.path[0]} is not kept any more.</div>}
            <a class="button" href={hrefTo('frames', [], route.query)}>Close</a>
          </aside>
        )}
      </div>
    </>
  );
}

export function FrameTable({ data, frames, current, query, empty }: {
  data: ConsoleData;
  /** Newest first. */
  frames: readonly ShownFrame[];
  current?: number;
  query?: { readonly [name: string]: string };
  empty: string;
}) {
  return (
    <Table
      title="Frames"
      items={frames}
      keyOf={({ number }) => number}
      hrefOf={({ number }) => hrefTo('frames', [number], query)}
      isCurrent={({ number }) => number === current}
      empty={empty}
      columns={[
        {
          title: 'Type',
          cell: ({ direction, type }) => (
            <>
              <span class={`arrow ${direction}`} role="img" aria-label={directions[direction].text}>
                {directions[direction].arrow}
              </span>
              {' '}{type}
            </>
          ),
        },
        {
          title: 'User',
          cell: (frame) => {
            const sender = senderOf(frame);
            return sender === undefined ? 'all' : <UserLink data={data} roomArn={frame.roomArn} userId={sender} />;
          },
        },
        { title: 'Data', cell: (frame) => <code class="cut">{summaryOf(frame)}</code>, isExtra: true, wraps: true },
        { title: 'Result', cell: (frame) => <Result data={data} frame={frame} /> },
        { title: 'Size', cell: ({ bytes }) => bytesText(bytes), isNumber: true, isExtra: true },
        { title: 'Time', cell: ({ time }) => <Time iso={time} />, isWide: true },
      ]}
    />
  );
}

function summaryOf(frame: ShownFrame): string {
  const { content } = frame;
  if (typeof content === 'string') return content;
  const { Content, Attributes, Reason, ErrorMessage, Capabilities, UserId, Id } = content as { [member: string]: any };
  if (kindOf(frame) === 'CONNECT') return Capabilities.join(', ') || 'view only';
  if (kindOf(frame) === 'ERROR') return ErrorMessage;
  return Content ?? Reason ?? (Attributes ? JSON.stringify(Attributes) : UserId ?? Id ?? '');
}

function Result({ data, frame }: { data: ConsoleData; frame: ShownFrame }) {
  if (frame.direction === 'sent') {
    if (kindOf(frame) === 'ERROR') return <Badge tone="bad">{(frame.content as any).ErrorCode}</Badge>;
    return <>{counted(frame.recipients!, 'client')}</>;
  }
  if (frame.direction === 'connection') return <>{frame.type === 'CLOSE' ? (frame.content as any).Code : 101}</>;
  const request = requestOf(data, frame);
  if (!request) return <Badge>waiting</Badge>;
  return <Badge tone={hasFailed(request) ? 'bad' : 'good'}>{request.status || 'lost'}</Badge>;
}

function FrameDetails({ data, frame }: { data: ConsoleData; frame: ShownFrame }) {
  const { bytes, content, direction, recipients, roomArn, time, type } = frame;
  const [request, review, sender] = [requestOf(data, frame), reviewOf(data, frame), senderOf(frame)];
  const user = peopleOf(data).find((person) => person.roomArn === roomArn && person.userId === frame.userId);
  return (
    <>
      <h2>{directions[direction].arrow} {type}</h2>
      {kindOf(frame) === 'CLOSE' && <div class="explanation"><p>{explainClose(frame, data.names)}</p></div>}
      {[review, request].filter((other) => other !== undefined && hasFailed(other)).map((other) => (
        <div class="explanation bad" key={other!.number}>
          <p>{explainRequest(other!).what}</p>
          <p><a href={hrefTo('requests', [other!.number])}>Open the request</a></p>
        </div>
      ))}
      <Facts facts={{
        Direction: directions[direction].text,
        User: sender !== undefined && <UserLink data={data} roomArn={roomArn} userId={sender} />,
        Room: <RoomLink data={data} roomArn={roomArn} />,
        Time: <Time iso={time} />,
        Size: bytesText(bytes),
        Recipients: recipients,
      }} />
      <Json title={direction === 'connection' ? 'Connection' : 'Frame'} value={content} />
      {direction === 'received' && user && (
        <div class="actions">
          <ActionButton
            action={() => sendAs(user, content)}
            done="The frame was sent again, and the service accepted it"
          >
            Send again
          </ActionButton>
          <span class="soft">over a new connection of {userName(data, roomArn, user.userId)}</span>
        </div>
      )}
    </>
  );
}

/** Saves the frames as a file. Their secrets are masked. */
function download(frames: readonly ShownFrame[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(frames, undefined, 2)], { type: 'application/json' }));
  link.download = 'frames.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
