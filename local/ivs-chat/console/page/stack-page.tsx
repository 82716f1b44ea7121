import { Badge, Facts, PageHeading, Section, Table, Time, type PageProps, type Tone } from './elements';
import { matches } from './format';
import { hrefTo } from './route';

type Stack = PageProps['data']['stacks'][number];

function toneOf(status: string): Tone {
  if (/FAILED|ROLLBACK/.test(status)) return 'bad';
  if (/IN_PROGRESS/.test(status)) return 'warn';
  return status.startsWith('DELETE') ? 'plain' : 'good';
}

const Status = ({ status }: { status: string }) =>
  <Badge tone={toneOf(status)}>{status.toLowerCase().replaceAll('_', ' ')}</Badge>;

export function StackPage({ data, route, search }: PageProps) {
  const stack = data.stacks.find(({ name }) => name === route.path[0]) ?? data.stacks[0];
  return (
    <>
      <PageHeading title="Stack">
        {data.stacks.length > 1 && (
          <nav class="filters" aria-label="Stacks">
            {data.stacks.map(({ name }, index) => (
              <a
                key={`${name} ${index}`}
                href={hrefTo('stack', [name])}
                aria-current={name === stack?.name ? 'true' : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        )}
      </PageHeading>
      {stack
        ? <StackDetails stack={stack} search={search} />
        : (
          <div class="card empty">
            {data.service.hasStacks
              ? 'There is no stack. Deploy one with npx cdk deploy and the variables that the service printed.'
              : 'This service runs without a deployment endpoint. npx cdk-ivs-chat starts both.'}
          </div>
        )}
    </>
  );
}

function StackDetails({ stack, search }: { stack: Stack; search: string }) {
  const problems = [...stack.resources].filter(({ status }) => status.endsWith('FAILED'));
  return (
    <>
      <Section title={stack.name} tools={<Status status={stack.status} />}>
        {(stack.statusReason || problems.length > 0) && (
          <div class="explanation bad">
            {stack.statusReason && <p>{stack.statusReason}</p>}
            {problems.map(({ logicalId, statusReason }) => <p key={logicalId}><b>{logicalId}</b>: {statusReason}</p>)}
          </div>
        )}
        <Facts facts={{
          'Last updated': <Time iso={stack.lastUpdated} />,
          'Resources': stack.resources.length,
          ...Object.fromEntries(stack.outputs.map(({ name, value }) => [name, <code>{value}</code>])),
        }} />
      </Section>
      <Section title="Resources">
        <Table
          title="Resources"
          items={stack.resources.filter((resource) => matches(resource, search))}
          keyOf={({ logicalId }) => logicalId}
          columns={[
            { title: 'Logical ID', cell: ({ logicalId }) => logicalId, wraps: true },
            { title: 'Type', cell: ({ type }) => type.replace(/^AWS::/, ''), isWide: true },
            { title: 'Status', cell: ({ status }) => <Status status={status} /> },
            {
              title: 'Physical ID',
              cell: ({ physicalId, type }) => <PhysicalId type={type} id={physicalId} />,
              wraps: true,
              isWide: true,
            },
          ]}
          empty="No resource matches."
        />
      </Section>
      <Section title="Events">
        <Table
          title="Events"
          items={stack.events.filter((event) => matches(event, search))}
          keyOf={({ time }) => time}
          columns={[
            { title: 'Time', cell: ({ time }) => <Time iso={time} /> },
            { title: 'Status', cell: ({ status }) => <Status status={status} /> },
            { title: 'Resource', cell: ({ logicalId }) => logicalId, wraps: true },
            { title: 'Reason', cell: ({ statusReason }) => statusReason, wraps: true, isWide: true },
          ]}
          empty="No event matches."
        />
      </Section>
    </>
  );
}

/** The physical ID of a resource, with a link to the page that shows it. */
function PhysicalId({ type, id = '' }: { type: string; id?: string }) {
  const room = /:room\/(\w+)$/.exec(id)?.[1];
  if (room) return <a href={hrefTo('rooms', [room])}><code>{id}</code></a>;
  if (type === 'AWS::Lambda::Function') {
    return <><code>{id}</code> <a href={hrefTo('logs', [], { group: `/aws/lambda/${id}` })}>Logs</a></>;
  }
  return <code>{id}</code>;
}
