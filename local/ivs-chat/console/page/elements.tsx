import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { timeOfDay, lastPart } from './format';
import { nameKey, type ConsoleData } from './live-console';
import { hrefTo, type ConsoleRoute } from './route';
import { showError, showToast } from './toasts';

/** The properties of a page. */
export interface PageProps {
  readonly data: ConsoleData;
  readonly route: ConsoleRoute;
  /** The text of the search. */
  readonly search: string;
  /** The time of the service, in milliseconds since 1970. */
  readonly now: number;
}

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'accent';

export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) =>
  <span class={`badge ${tone}`}>{children}</span>;

/** The time of day. In a narrow window, it has no milliseconds. */
export function Time({ iso }: { iso: string }) {
  const [seconds, milliseconds] = timeOfDay(iso);
  return <time dateTime={iso} title={iso}>{seconds}<span class="wide">.{milliseconds}</span></time>;
}

/** A button for an action. A failure is shown as a toast. */
export function ActionButton({ action, done, children, ...rest }: {
  action: () => Promise<unknown> | void;
  /** The text of the toast after a success. */
  done?: string;
  children: ComponentChildren;
} & Omit<JSX.IntrinsicElements['button'], 'action'>) {
  return (
    <button type="button" {...rest} onClick={async () => {
      try {
        await action();
        if (done) showToast(done);
      } catch (error) {
        showError(error);
      }
    }}>
      {children}
    </button>
  );
}

export const CopyButton = ({ text, label, children = 'Copy' }: {
  text: string;
  /** The accessible name. */
  label: string;
  children?: ComponentChildren;
}) => (
  <ActionButton class="quiet" aria-label={label} action={() => navigator.clipboard.writeText(text)} done="Copied">
    {children}
  </ActionButton>
);

/** The name of a user, with a link to the page of the user. */
export function UserLink({ data, roomArn, userId }: { data: ConsoleData; roomArn: string; userId: string }) {
  return (
    <a href={hrefTo('people', [lastPart(roomArn), userId])} title={userId}>
      <bdi>{userName(data, roomArn, userId)}</bdi>
    </a>
  );
}

export const userName = (data: ConsoleData, roomArn: string, userId: string) =>
  data.names.get(nameKey(roomArn, userId)) ?? userId;

export const roomName = (data: ConsoleData, roomArn: string) =>
  data.rooms.find(({ arn }) => arn === roomArn)?.name || lastPart(roomArn);

export const RoomLink = ({ data, roomArn }: { data: ConsoleData; roomArn: string }) =>
  <a href={hrefTo('rooms', [lastPart(roomArn)])} title={roomArn}><bdi>{roomName(data, roomArn)}</bdi></a>;

export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => ComponentChildren;
  /** Whether the column is hidden in a narrow window. */
  readonly isWide?: boolean;
  /** Whether the column is also hidden beside the details of an item. */
  readonly isExtra?: boolean;
  /** Whether long text wraps. */
  readonly wraps?: boolean;
  readonly isNumber?: boolean;
}

const MAXIMUM_ROWS = 200;

/** A table of the first 200 items. The first column links to the details. */
export function Table<T>({ title, items, columns, keyOf, hrefOf, isCurrent, empty }: {
  /** The accessible name. */
  title: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (item: T) => string | number;
  hrefOf?: (item: T) => string;
  isCurrent?: (item: T) => boolean;
  empty: ComponentChildren;
}) {
  if (!items.length) return <div class="empty">{empty}</div>;
  const classOf = ({ isExtra, isNumber, isWide, wraps }: Column<T>) =>
    [(isWide || isExtra) && 'wide', isExtra && 'extra', wraps && 'wraps', isNumber && 'number']
      .filter(Boolean).join(' ');
  return (
    <div class="scroll" role="region" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {items.slice(0, MAXIMUM_ROWS).map((item) => (
            <tr key={keyOf(item)} class={isCurrent?.(item) ? 'current' : undefined}>
              {columns.map((column, index) => (
                <td key={column.title} class={classOf(column)}>
                  {index === 0 && hrefOf
                    ? (
                      <a class="row-link" href={hrefOf(item)} aria-current={isCurrent?.(item) ? 'true' : undefined}>
                        {column.cell(item)}
                      </a>
                    )
                    : column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > MAXIMUM_ROWS && <p class="note">The first {MAXIMUM_ROWS} of {items.length}.</p>}
    </div>
  );
}

/** Moves the focus between the links of the rows with the arrow keys. */
function moveBetweenRows(event: KeyboardEvent): void {
  const steps = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' } as const;
  const step = steps[event.key as keyof typeof steps];
  const link = event.target as Element;
  if (!step || !link.classList.contains('row-link')) return;
  event.preventDefault();
  link.closest('tr')![step]?.querySelector<HTMLElement>('.row-link')?.focus();
}

/** The capabilities of a user in words. */
export const capabilityText = (capabilities: readonly string[]) => capabilities.join(', ') || 'view only';

/** A group of links that filter the list of a page. */
export function Filters({ route, name, options }: {
  route: ConsoleRoute;
  /** The query parameter. */
  name: string;
  /** The text of each value. The first is the default. */
  options: { readonly [value: string]: string };
}) {
  const values = Object.keys(options);
  const current = route.query[name] ?? values[0];
  return (
    <nav class="filters" aria-label="Filter">
      {values.map((value, index) => (
        <a
          key={value}
          href={hrefTo(route.page, route.path, { ...route.query, [name]: index ? value : '' })}
          aria-current={value === current ? 'true' : undefined}
        >
          {options[value]}
        </a>
      ))}
    </nav>
  );
}

export const PageHeading = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="heading">
    <h1 tabIndex={-1}>{title}</h1>
    <div class="tools">{children}</div>
  </div>
);

export const Section = ({ title, tools, children }: {
  title: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) => (
  <section class="card">
    <div class="heading"><h2>{title}</h2><div class="tools">{tools}</div></div>
    {children}
  </section>
);

/** A list of names and values, without the missing values. */
export function Facts({ facts }: { facts: { readonly [name: string]: ComponentChildren } }) {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== false && value !== '');
  return (
    <dl class="facts">
      {known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

/** A value as JSON. Its secrets are already masked. */
export function Json({ title, value }: { title: string; value: unknown }) {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return (
    <div class="code">
      <div class="heading"><h3>{title}</h3><CopyButton text={text} label={`Copy ${title}`} /></div>
      <pre tabIndex={0} aria-label={title}>{text}</pre>
    </div>
  );
}

/** Texts of which one is visible. */
export function Tabs({ title, texts }: { title: string; texts: { readonly [name: string]: string } }) {
  const names = Object.keys(texts);
  const [chosen, choose] = useState(names[0]!);
  const text = texts[chosen] ?? '';
  return (
    <div class="code">
      <div class="heading">
        <div class="filters" role="group" aria-label={title}>
          {names.map((name) => (
            <button key={name} type="button" aria-pressed={name === chosen} onClick={() => choose(name)}>{name}</button>
          ))}
        </div>
        <CopyButton text={text} label={`Copy as ${chosen}`} />
      </div>
      <pre tabIndex={0} aria-label={chosen}>{text}</pre>
    </div>
  );
}
