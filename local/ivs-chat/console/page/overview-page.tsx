import { useState } from 'preact/hooks';
import type { ConsoleData } from './live-console';
import type { ActivitySecond } from '../activity';
import { ActionButton, CopyButton, Facts, PageHeading, Section, Time, userName, type PageProps } from './elements';
import { explainRequest, hasFailed } from './explanations';
import { FaultSwitches } from './faults-page';
import { durationText } from './format';
import { hrefTo } from './route';
import { callOperation, sendToServer } from './service-requests';

const SECONDS = 120;
const FAILURES = 8;
const failedRequests = hrefTo('requests', [], { show: 'failed' });

export function OverviewPage({ data, now }: PageProps) {
  const seconds = lastSeconds(data, now);
  const sum = (of: (second: ActivitySecond) => number) => seconds.reduce((total, second) => total + of(second), 0);
  const slowest = Math.max(0, ...seconds.map(({ p95 }) => p95 ?? 0));
  const failures = data.requests.filter(hasFailed).slice(-FAILURES).reverse();
  return (
    <>
      <PageHeading title="Overview"><span class="soft">The last two minutes</span></PageHeading>
      <div class="tiles">
        <Sparkline
          title="Messages"
          total={String(sum(({ messages }) => messages))}
          values={seconds.map(({ messages }) => messages)}
          href={hrefTo('messages')}
        />
        <Sparkline
          title="Connections"
          total={String(data.counts.connections)}
          values={seconds.map(({ connections }) => connections)}
          href={hrefTo('people')}
        />
        <Sparkline
          title="Errors"
          isBad
          total={String(sum(({ errors }) => errors))}
          values={seconds.map(({ errors }) => errors)}
          href={failedRequests}
        />
        <Sparkline
          title="Slowest p95"
          total={slowest ? durationText(slowest) : '–'}
          values={seconds.map(({ p95 }) => p95 ?? 0)}
          href={hrefTo('requests')}
        />
      </div>
      <Section title="What did not work" tools={<a href={failedRequests}>All failed requests</a>}>
        {failures.length ? (
          <ol class="failures">
            {failures.map((request) => {
              const { number, time, operation, status, roomArn, userId } = request;
              return (
                <li key={number}>
                  <Time iso={time} />
                  <a href={hrefTo('requests', [number])}>{operation} {status || ''}</a>
                  <span>
                    {roomArn && userId ? <><bdi>{userName(data, roomArn, userId)}</bdi>: </> : ''}
                    {explainRequest(request).what}
                  </span>
                </li>
              );
            })}
          </ol>
        ) : <div class="empty">Everything worked. Failed requests appear here, with their cause.</div>}
      </Section>
      <Section title="Faults" tools={<a href={hrefTo('faults')}>More faults</a>}>
        <FaultSwitches data={data} />
      </Section>
      {data.service.virtualTime !== undefined && <ClockControl time={data.service.virtualTime} />}
      <Connect data={data} />
    </>
  );
}

/** Returns two minutes of seconds. A second without activity has the connections of the one before it. */
function lastSeconds({ activity, counts }: ConsoleData, now: number): ActivitySecond[] {
  const last = Math.floor(now / 1000);
  const known = new Map(activity.map((second) => [second.second, second]));
  let connections = activity.filter(({ second }) => second <= last - SECONDS).at(-1)?.connections
    ?? (activity.length ? 0 : counts.connections);
  return Array.from({ length: SECONDS }, (_, index) => {
    const second = last - SECONDS + 1 + index;
    const found = known.get(second) ?? { second, messages: 0, requests: 0, errors: 0, connections };
    connections = found.connections;
    return found;
  });
}

const [WIDTH, HEIGHT] = [240, 40];

function Sparkline({ title, total, values, href, isBad }: {
  title: string;
  total: string;
  values: readonly number[];
  href: string;
  isBad?: boolean;
}) {
  const highest = Math.max(1, ...values);
  const points = values.map((value, index) => {
    const [x, y] = [index / (values.length - 1) * WIDTH, HEIGHT - 1 - value / highest * (HEIGHT - 3)];
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <a class={`tile ${isBad && values.some((value) => value > 0) ? 'bad' : ''}`} href={href}>
      <span class="tile-title">{title}</span>
      <strong>{total}</strong>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} />
        <polyline points={points.join(' ')} />
      </svg>
    </a>
  );
}

/** The positions of the slider. */
const advances = [
  { text: '1 s', milliseconds: 1_000 },
  { text: '10 s', milliseconds: 10_000 },
  { text: '1 min', milliseconds: 60_000 },
  { text: '10 min', milliseconds: 600_000 },
  { text: '1 h', milliseconds: 3_600_000 },
  { text: '3 h', milliseconds: 10_800_000 },
] as const;

function ClockControl({ time }: { time: string }) {
  const [position, move] = useState(2);
  const { text, milliseconds } = advances[position]!;
  return (
    <Section title="Clock" tools={<Time iso={time} />}>
      <p>The service uses a virtual clock, which stands still. Advance it to see tokens expire and sessions end.</p>
      <div class="actions">
        <input
          type="range"
          min="0"
          max={advances.length - 1}
          value={position}
          aria-label="Time to advance"
          aria-valuetext={text}
          onInput={(event) => move(Number(event.currentTarget.value))}
        />
        <ActionButton
          action={() => sendToServer('POST', 'clock', { milliseconds })}
          done={`The clock is ${text} later`}
        >
          Advance {text}
        </ActionButton>
      </div>
    </Section>
  );
}

function Connect({ data }: { data: ConsoleData }) {
  const { region, accountId } = data.service;
  const messaging = `ws://${location.host}`;
  const value = (text: string, name: string) =>
    <><code>{text}</code> <CopyButton text={text} label={`Copy ${name}`} /></>;
  return (
    <Section title="Addresses" tools={!data.counts.rooms && (
      <ActionButton action={() => callOperation('CreateRoom', { name: 'lobby' })} done="CreateRoom: lobby was created">
        Create a room
      </ActionButton>
    )}>
      <Facts facts={{
        'Control plane (endpoint)': value(location.origin, 'the endpoint'),
        'Messaging (regionOrUrl)': value(messaging, 'the address of messaging'),
        'Region': region,
        'Account': accountId,
      }} />
    </Section>
  );
}
