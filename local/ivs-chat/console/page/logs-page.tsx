import { Badge, Filters, PageHeading, Section, Table, Time, type PageProps } from './elements';
import { lastPart, matches, shortName } from './format';
import { hrefTo } from './route';

export function LogsPage({ data, route, search }: PageProps) {
  const group = route.query.group ?? '';
  const groups = [...new Set(data.logLines.map(({ logGroupName }) => logGroupName))];
  const lines = data.logLines
    .filter((line) => (group === '' || line.logGroupName === group) && matches(line, search)).slice().reverse();
  const noOutput = data.service.hasStacks
    ? 'No function has printed anything yet.'
    : 'This service runs without a deployment endpoint, so it has no functions. npx cdk-ivs-chat starts both.';
  return (
    <>
      <PageHeading title="Logs" />
      <Section title="Output of functions" tools={groups.length > 1 && (
        <Filters route={route} name="group"
          options={{ '': 'all', ...Object.fromEntries(groups.map((name) => [name, functionName(name)])) }} />
      )}>
        <Table
          title="Output of functions"
          items={lines}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Time', cell: ({ time }) => <Time iso={time} /> },
            {
              title: 'Function',
              cell: ({ logGroupName }) => (
                <a href={hrefTo('logs', [], { group: logGroupName })} title={logGroupName}>
                  {functionName(logGroupName)}
                </a>
              ),
              isWide: true,
            },
            { title: 'Line', cell: ({ message }) => <code>{message}</code>, wraps: true },
          ]}
          empty={search || group ? 'No line matches.' : noOutput}
        />
      </Section>
      <Section title="Deliveries of chat logs">
        <Table
          title="Deliveries of chat logs"
          items={data.logDeliveries.filter((delivery) => matches(delivery, search))}
          keyOf={(delivery) => `${delivery.time} ${delivery.destination}`}
          columns={[
            { title: 'Time', cell: ({ time }) => <Time iso={time} /> },
            {
              title: 'Result',
              cell: ({ error }) => <Badge tone={error ? 'bad' : 'good'}>{error ?? 'delivered'}</Badge>,
              wraps: true,
            },
            { title: 'Records', cell: ({ records }) => records, isNumber: true },
            { title: 'Destination', cell: ({ destination }) => <code>{destination}</code>, wraps: true, isWide: true },
          ]}
          empty={search
            ? 'No delivery matches.'
            : 'There are no deliveries. Attach a logging configuration to a room and send a message.'}
        />
      </Section>
      <Section title="Logging configurations">
        <Table
          title="Logging configurations"
          items={data.loggingConfigurations.filter((configuration) => matches(configuration, search))}
          keyOf={({ arn }) => arn}
          columns={[
            { title: 'Name', cell: ({ name, arn }) => name || lastPart(arn), wraps: true },
            { title: 'State', cell: ({ state }) => <Badge tone={state === 'ACTIVE' ? 'good' : 'warn'}>{state}</Badge> },
            { title: 'Destination', cell: ({ destination }) => <code>{destination}</code>, wraps: true },
          ]}
          empty={search ? 'No logging configuration matches.' : 'There are no logging configurations.'}
        />
      </Section>
    </>
  );
}

/** The name of a log group is the name of its function, or a name of its own. */
const functionName = (logGroupName: string) => shortName(lastPart(logGroupName)).replace(/(?<=.)LogGroup$/, '');
