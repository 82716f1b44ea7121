/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ConsoleState } from './console-state';

/**
 * The script of the console page. The server sends its source text, so it must not reference anything outside itself.
 */
export function runConsole(): void {
  const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
  const idOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
  const time = (iso: string) => new Date(iso).toLocaleTimeString([], { hour12: false });
  const post = (path: string, body: object) =>
    fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  type Cell = string | number | HTMLElement;

  /** Creates an element with text. The text of chats is never used as markup. */
  function make<K extends keyof HTMLElementTagNameMap>(tag: K, text: Cell, className = ''): HTMLElementTagNameMap[K] {
    const made = document.createElement(tag);
    made.append(text instanceof HTMLElement ? text : String(text));
    if (className) made.className = className;
    return made;
  }

  const drawn = new Map<string, string>();
  /** Renders the rows only after a change, to keep the selection. The focus stays on its button or table. */
  function table(id: string, rows: Cell[][], empty: string): void {
    const body = element(id).querySelector('tbody')!;
    const text = rows
      .map((row) => row.map((cell) => (cell instanceof HTMLElement ? cell.outerHTML : cell)).join('\t'))
      .join('\n');
    if (drawn.get(id) === text) return;
    drawn.set(id, text);
    const columns = element(id).querySelectorAll('th').length;
    const focused = body.contains(document.activeElement)
      ? document.activeElement!.getAttribute('aria-label')
      : undefined;
    body.replaceChildren(...rows.map((row) => {
      const line = document.createElement('tr');
      line.append(...row.map((cell) => make('td', cell, typeof cell === 'string' && cell.length > 26 ? 'long' : '')));
      return line;
    }));
    if (!rows.length) {
      const line = document.createElement('tr');
      const cell = make('td', empty, 'empty');
      cell.colSpan = columns;
      line.append(cell);
      body.append(line);
    }
    if (focused === undefined) return;
    const again = [...body.querySelectorAll('button')].find(
      (control) => control.getAttribute('aria-label') === focused,
    );
    (again ?? body.closest<HTMLElement>('.scroll')!).focus();
  }

  const badge = (text: string, kind: 'good' | 'bad' | 'plain' = 'plain') => make('span', text, `badge ${kind}`);
  const button = (text: string, label: string, action: () => unknown) => {
    const made = make('button', text);
    made.type = 'button';
    made.setAttribute('aria-label', label);
    made.addEventListener('click', async () => {
      await action();
      await refresh();
    });
    return made;
  };

  function drawMessages(state: ConsoleState): void {
    const select = element<HTMLSelectElement>('room-filter');
    const rooms = ['', ...state.rooms.map(({ arn }) => arn)];
    if (drawn.get('room-filter') !== rooms.join()) {
      drawn.set('room-filter', rooms.join());
      const chosen = select.value;
      select.replaceChildren(...rooms.map((arn) => {
        const option = make(
          'option',
          arn === '' ? 'all rooms' : state.rooms.find((room) => room.arn === arn)!.name || idOf(arn),
        );
        option.value = arn;
        return option;
      }));
      select.value = rooms.includes(chosen) ? chosen : '';
    }
    table(
      'messages',
      state.frames
        .filter(({ roomArn }) => !select.value || roomArn === select.value)
        .map(({ roomArn, frame }) => [
          time(frame.SendTime),
          idOf(roomArn),
          frame.Type === 'MESSAGE' ? frame.Sender.UserId : badge(frame.EventName),
          frame.Type === 'MESSAGE' ? frame.Content : JSON.stringify(frame.Attributes ?? {}),
        ]),
      'No messages or events yet.',
    );
  }

  function draw(state: ConsoleState): void {
    element('count-rooms').textContent = String(state.counts.rooms);
    element('count-connections').textContent = String(state.counts.connections);
    element('count-deliveries').textContent = String(state.counts.deliveries);
    element('count-faults').textContent = String(state.faults.length);
    table(
      'rooms',
      state.rooms.map((room) => [
        room.name || '(no name)',
        idOf(room.arn),
        room.connections,
        room.maximumMessageRatePerSecond,
        room.maximumMessageLength,
        room.messageReviewHandler ? room.messageReviewHandler.split(':').slice(6).join(':') : '–',
        room.loggingConfigurations,
        button('Drop', `Drop the connections of room ${room.name || idOf(room.arn)}`, () =>
          post('drop-connections', { roomArn: room.arn }),
        ),
      ]),
      'No rooms yet. Create a room with CreateRoom or a deployment.',
    );
    table(
      'logging',
      state.loggingConfigurations.map((configuration) => [
        configuration.name || '(no name)',
        idOf(configuration.arn),
        configuration.destination,
        badge(configuration.state, configuration.state === 'ACTIVE' ? 'good' : 'plain'),
      ]),
      'No logging configurations.',
    );
    table(
      'connections',
      state.connections.map((connection) => [
        connection.userId,
        idOf(connection.roomArn),
        connection.capabilities.join(', ') || 'view only',
        connection.address,
        time(connection.connectedAt),
        time(connection.sessionExpirationTime),
      ]),
      'No connections.',
    );
    table('tokens', state.tokens.map((token) => [
      token.userId, idOf(token.roomArn), token.capabilities.join(', ') || 'view only', time(token.tokenExpirationTime),
      badge(token.state, ({ unused: 'good', expired: 'bad', used: 'plain' } as const)[token.state]),
    ]), 'No chat tokens in the last minutes.');
    drawMessages(state);
    const onlyErrors = element<HTMLInputElement>('only-errors').checked;
    table(
      'requests',
      state.requests
        .filter(({ status, error }) => !onlyErrors || error !== undefined || status >= 400)
        .map((request) => [
          time(request.time),
          request.operation,
          badge(
            request.status ? String(request.status) : 'none',
            request.error || request.status >= 400 ? 'bad' : 'good',
          ),
          request.error ?? '',
          request.milliseconds === undefined ? '' : `${request.milliseconds} ms`,
          request.caller ?? '',
        ]),
      'No requests yet.',
    );
    table(
      'deliveries',
      state.logDeliveries.map((delivery) => [
        time(delivery.time),
        delivery.destination,
        delivery.records,
        badge(delivery.error ?? 'delivered', delivery.error ? 'bad' : 'good'),
      ]),
      'No deliveries. Attach a logging configuration to a room and send a message.',
    );
    table(
      'faults',
      state.faults.map((fault) => [
        fault.kind,
        fault.operation ?? 'all',
        fault.times ?? 'until removed',
        fault.probability ?? 1,
        fault.kind === 'latency' ? `${fault.milliseconds ?? 1000} ms` : '–',
        button('Remove', `Remove the fault ${fault.kind}`, () => fetch(`faults/${fault.id}`, { method: 'DELETE' })),
      ]),
      'No active faults.',
    );
    const kinds = element<HTMLSelectElement>('fault-kind');
    if (!kinds.options.length) {
      kinds.append(...Object.entries(state.faultKinds).map(([kind, meaning]) => {
        const option = make('option', `${kind}: ${meaning}`);
        option.value = kind;
        return option;
      }));
    }
  }

  async function refresh(): Promise<void> {
    const status = element('status');
    try {
      const response = await fetch('state');
      draw(await response.json());
      if (status.textContent !== 'live') status.textContent = 'live';
      status.className = 'badge good';
    } catch {
      status.textContent = 'not reachable';
      status.className = 'badge bad';
    }
  }

  element('fault-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const value = (id: string) => element<HTMLInputElement>(id).value.trim();
    const number = (id: string) => (value(id) === '' ? undefined : Number(value(id)));
    const response = await post('faults', {
      kind: value('fault-kind'),
      operation: value('fault-operation') || undefined,
      times: number('fault-times'),
      probability: number('fault-probability'),
      milliseconds: number('fault-milliseconds'),
    });
    element('fault-message').textContent = response.ok ? 'Fault injected.' : (await response.json()).message;
    await refresh();
  });
  element('clear-faults').addEventListener('click', async () => {
    await fetch('faults', { method: 'DELETE' });
    await refresh();
  });
  for (const id of ['room-filter', 'only-errors']) element(id).addEventListener('change', refresh);
  void refresh();
  setInterval(() => {
    if (!document.hidden) void refresh();
  }, 1000);
}
