import { Badge, capabilityText, PageHeading, RoomLink, Table, UserLink, type PageProps, type Tone } from './elements';
import { fromNow, matches } from './format';
import { hrefTo } from './route';

type TokenState = PageProps['data']['tokens'][number]['state'];

const states: { readonly [state in TokenState]: { readonly tone: Tone; readonly text: string } } = {
  unused: { tone: 'good', text: 'ready' },
  used: { tone: 'plain', text: 'has opened its connection' },
  expired: { tone: 'bad', text: 'expired without a connection' },
};

export function TokensPage({ data, search, now }: PageProps) {
  return (
    <>
      <PageHeading title="Tokens"><a href={hrefTo('people', ['new'])}>Create a token</a></PageHeading>
      <p class="soft">The chat tokens of the last two minutes. Each opens one connection, within 60 seconds.</p>
      <section class="card">
        <Table
          title="Chat tokens"
          items={data.tokens.filter((token) => matches(token, search))}
          keyOf={(token) => `${token.roomArn} ${token.userId} ${token.tokenExpirationTime}`}
          columns={[
            {
              title: 'User',
              cell: ({ roomArn, userId }) => <UserLink data={data} roomArn={roomArn} userId={userId} />,
            },
            {
              title: 'State',
              cell: ({ state }) => <Badge tone={states[state].tone}>{states[state].text}</Badge>,
              wraps: true,
            },
            {
              title: 'Valid',
              cell: ({ state, tokenExpirationTime }) => (state === 'used' ? '–' : fromNow(tokenExpirationTime, now)),
            },
            { title: 'Room', cell: ({ roomArn }) => <RoomLink data={data} roomArn={roomArn} />, isWide: true },
            {
              title: 'Capabilities',
              cell: ({ capabilities }) => capabilityText(capabilities),
              wraps: true,
              isWide: true,
            },
          ]}
          empty={search ? 'No token matches.' : 'There are no tokens. CreateChatToken creates one.'}
        />
      </section>
    </>
  );
}
