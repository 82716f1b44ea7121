import type { ShownRequest } from '../console-update';
import { commandsOf } from './commands';
import {
  Badge, Facts, Filters, Json, PageHeading, RoomLink, Table, Tabs, Time, UserLink, type PageProps,
} from './elements';
import { explainRequest, hasFailed } from './explanations';
import { durationText, lastPart, matches, shortName } from './format';
import type { ConsoleData } from './live-console';
import { hrefTo, pageTitles } from './route';

const filters = {
  all: 'All', failed: 'Failed', operations: 'Control plane', messaging: 'Messaging', faults: 'Injected faults',
};

const isOperation = ({ operation }: ShownRequest) => /^[A-Z][a-z]/.test(operation) && operation !== 'MessageReview'
  && operation !== 'LogDelivery';

const shows: { readonly [filter: string]: (request: ShownRequest) => boolean } = {
  failed: hasFailed,
  operations: isOperation,
  messaging: (request) => !isOperation(request),
  faults: ({ fault }) => fault !== undefined,
};

export function RequestsPage({ data, route, search }: PageProps) {
  const show = route.query.show ?? 'all';
  const requests = data.requests
    .filter((request) => (shows[show]?.(request) ?? true) && matches(request, search))
    .reverse();
  const chosen = data.requests.find(({ number }) => String(number) === route.path[0]);
  return (
    <>
      <PageHeading title="Requests" />
      <Filters route={route} name="show" options={filters} />
      <div class={`split ${route.path[0] ? 'open' : ''}`}>
        <section class="card">
          <Table
            title="Requests"
            items={requests}
            keyOf={({ number }) => number}
            hrefOf={({ number }) => hrefTo('requests', [number], route.query)}
            isCurrent={({ number }) => number === chosen?.number}
            columns={[
              { title: 'Operation', cell: ({ operation }) => operation },
              { title: 'Status', cell: (request) => <Status request={request} /> },
              {
                title: 'What happened',
                cell: (request) => (hasFailed(request) ? explainRequest(request).what : ''),
                wraps: true,
                isExtra: true,
              },
              {
                title: 'Caller',
                cell: (request) => <Caller data={data} request={request} />,
                wraps: true,
                isWide: true,
              },
              {
                title: 'Took',
                cell: ({ milliseconds }) => (milliseconds === undefined ? '' : durationText(milliseconds)),
                isNumber: true,
                isExtra: true,
              },
              { title: 'Time', cell: ({ time }) => <Time iso={time} /> },
            ]}
            empty={search || show !== 'all' ? 'No request matches.' : 'There are no requests yet.'}
          />
        </section>
        {route.path[0] && (
          <aside class="card details" aria-label="Request">
            {chosen
              ? <RequestDetails data={data} request={chosen} />
              : <div class="empty">The request {route.path[0]} is not kept any more.</div>}
            <a class="button" href={hrefTo('requests', [], route.query)}>Close</a>
          </aside>
        )}
      </div>
    </>
  );
}

const Status = ({ request }: { request: ShownRequest }) =>
  <Badge tone={hasFailed(request) ? 'bad' : 'good'}>{request.status || 'none'}</Badge>;

function Caller({ data, request: { caller, roomArn, userId } }: { data: ConsoleData; request: ShownRequest }) {
  if (roomArn !== undefined && userId !== undefined) return <UserLink data={data} roomArn={roomArn} userId={userId} />;
  return <span title={caller}>{caller === undefined ? '' : callerName(caller)}</span>;
}

/** Returns the name of the role of an assumed role, or the last part of the ARN. */
const callerName = (arn: string) => shortName(/:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? lastPart(arn));

function RequestDetails({ data, request }: { data: ConsoleData; request: ShownRequest }) {
  const {
    caller, error, fault, frame, input, milliseconds, operation, output, region, requestId, roomArn, time,
  } = request;
  const { what, next, page } = explainRequest(request);
  const received = data.frames.find(({ number }) => number === frame);
  return (
    <>
      <h2>{operation} <Status request={request} /></h2>
      {hasFailed(request) && (
        <div class="explanation bad">
          <p><strong>{what}</strong></p>
          {next && <p>{next}{page && <>{' '}<a href={hrefTo(page)}>{pageTitles[page]}</a></>}</p>}
        </div>
      )}
      <Facts facts={{
        'Time': <Time iso={time} />,
        'Took': milliseconds !== undefined && durationText(milliseconds),
        'Error': error,
        'Fault': fault,
        'Caller': <Caller data={data} request={request} />,
        'ARN of the caller': operation === 'MessageReview' || !roomArn ? caller && <code>{caller}</code> : undefined,
        'Room': roomArn && <RoomLink data={data} roomArn={roomArn} />,
        'Region': region,
        'Request ID': requestId && <code>{requestId}</code>,
        'Frame': frame !== undefined && <a href={hrefTo('frames', [frame])}>Frame {frame}</a>,
      }} />
      <Json title="Input" value={input ?? received?.content} />
      <Json title="Output" value={output} />
      {isOperation(request) && region !== undefined && input !== undefined && (
        <Tabs title="Copy as" texts={commandsOf(request, location.origin)} />
      )}
    </>
  );
}
