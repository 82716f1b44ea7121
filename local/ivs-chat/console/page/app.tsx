import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { hasFailed } from './explanations';
import { faultTitle, removeAllFaults } from './fault-switches';
import { FaultsPage } from './faults-page';
import { matches } from './format';
import { FramesPage } from './frames-page';
import { emptyData, LiveConsole, type ConsoleData } from './live-console';
import { LogsPage } from './logs-page';
import { MessagesPage, roomMessages } from './messages-page';
import { OverviewPage } from './overview-page';
import { peopleOf, PeoplePage } from './people-page';
import { RequestsPage } from './requests-page';
import { RoomsPage } from './rooms-page';
import { hrefTo, pageTitles, parseRoute, type PageName, type ConsoleRoute } from './route';
import { StackPage } from './stack-page';
import { TokensPage } from './tokens-page';
import { watchToasts, type Toast } from './toasts';
import { ActionButton, type PageProps } from './elements';

const pages: { readonly [page in PageName]: FunctionComponent<PageProps> } = {
  overview: OverviewPage,
  rooms: RoomsPage,
  people: PeoplePage,
  messages: MessagesPage,
  frames: FramesPage,
  requests: RequestsPage,
  tokens: TokensPage,
  logs: LogsPage,
  stack: StackPage,
  faults: FaultsPage,
};

/** The items that the navigation counts, and that the search looks through. */
const itemsOf = (data: ConsoleData): { readonly [page in PageName]?: readonly unknown[] } => ({
  rooms: data.rooms,
  people: peopleOf(data),
  messages: roomMessages(data),
  frames: data.frames,
  requests: data.requests,
  tokens: data.tokens,
  logs: [...data.logLines, ...data.logDeliveries],
  stack: data.stacks,
  faults: data.faults,
});

const statusTexts = { connecting: 'Connecting', live: 'Live', offline: 'Not reachable' };

export function App() {
  const [data, setData] = useState(emptyData);
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const [search, setSearch] = useState(route.query.q ?? '');
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [, tick] = useState(0);
  const searchField = useRef<HTMLInputElement>(null);
  const content = useRef<HTMLElement>(null);

  useEffect(() => {
    new LiveConsole(setData).start();
    watchToasts(setToasts);
    const onHash = () => {
      const next = parseRoute(location.hash);
      setRoute(next);
      setSearch(next.query.q ?? '');
    };
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element).closest('input, textarea, select') !== null;
      if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        searchField.current?.select();
        searchField.current?.focus();
      }
    };
    addEventListener('hashchange', onHash);
    addEventListener('keydown', onKey);
    // The times that are relative to now, and the sparklines.
    setInterval(() => tick((count) => count + 1), 1000);
  }, []);

  // A reader of the page hears its title after a change.
  const firstPage = useRef(true);
  useEffect(() => {
    document.title = `${pageTitles[route.page]} · Local IVS Chat`;
    document.querySelector('.rail [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    if (!firstPage.current) content.current?.querySelector('h1')?.focus();
    firstPage.current = false;
  }, [route.page]);

  const find = (text: string) => {
    setSearch(text);
    history.replaceState(null, '', hrefTo(route.page, route.path, { ...route.query, q: text }));
    setRoute(parseRoute(location.hash));
  };
  const now = data.service.virtualTime === undefined
    ? Date.now() + data.clockOffset
    : Date.parse(data.service.virtualTime);
  const Page = pages[route.page];
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => {
        event.preventDefault();
        content.current?.focus();
      }}>Skip to content</a>
      <header class="top">
        <a class="brand" href={hrefTo('overview')}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4h16v11H10l-5 5v-5H4z" /></svg>
          Local IVS Chat
        </a>
        <label class="search">
          <span class="hidden">Search</span>
          <input
            ref={searchField}
            type="search"
            value={search}
            placeholder="Search all pages"
            onInput={(event) => find(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              find('');
              event.currentTarget.blur();
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        <span role="status" class={`status ${data.status}`}>{statusTexts[data.status]}</span>
      </header>
      <Rail data={data} route={route} search={search} />
      <div class="stage">
        {data.status === 'offline' && (
          <p class="banner" role="alert">
            The service does not respond. If it has started again, open the address of the console that it prints.
          </p>
        )}
        <FaultBanner data={data} />
        <main id="content" ref={content} tabIndex={-1} class={`page ${route.page}`}>
          <Page data={data} route={route} search={search} now={now} />
        </main>
      </div>
      <div class="toasts" role="status">
        {toasts.map(({ id, text, isError }) => <p key={id} class={isError ? 'bad' : ''}>{text}</p>)}
      </div>
    </>
  );
}

function Rail({ data, route, search }: { data: ConsoleData; route: ConsoleRoute; search: string }) {
  const items = itemsOf(data);
  const failures = data.requests.filter(hasFailed).length;
  return (
    <nav class="rail" aria-label="Pages">
      <ul>
        {Object.entries(pageTitles).map(([name, title]) => {
          const page = name as PageName;
          const all = items[page];
          const count = search ? all?.filter((item) => matches(item, search)).length : countOf(page, data, all);
          return (
            <li key={page}>
              <a href={hrefTo(page, [], { q: search })} aria-current={page === route.page ? 'page' : undefined}>
                <span>{title}</span>
                {page === 'requests' && failures > 0 && !search && (
                  <span class="count bad" aria-label={`${failures} failed`}>{failures}</span>
                )}
                {count !== undefined && (
                  <span class={`count ${page === 'faults' && count ? 'bad' : ''}`}>{count}</span>
                )}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Lists of the server have at most 200 items, and the counts are of all. */
function countOf(page: PageName, data: ConsoleData, items?: readonly unknown[]): number | undefined {
  return page === 'rooms' ? data.counts.rooms : items?.length;
}

function FaultBanner({ data }: { data: ConsoleData }) {
  const { faults } = data;
  return (
    <div class="banner" role="status" hidden={!faults.length}>
      {faults.length > 0 && (
        <>
          <p>
            <strong>{faults.length === 1 ? 'A fault is on' : `${faults.length} faults are on`}: </strong>
            {faults.map(faultTitle).join(', ')}
          </p>
          <ActionButton action={removeAllFaults} done="The faults are removed">Undo</ActionButton>
        </>
      )}
    </div>
  );
}
