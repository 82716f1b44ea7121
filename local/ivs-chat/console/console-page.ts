import { runConsole } from './console-script';
import { faultOperations } from '../faults';

const columns = (names: readonly string[]) => names.map((name) => `<th scope="col">${name}</th>`).join('');
const section = (id: string, title: string, names: readonly string[], controls = '', className = '') => `
    <section class="${className}" aria-labelledby="${id}-title">
      <div class="heading"><h2 id="${id}-title">${title}</h2>${controls}</div>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-title">
        <table id="${id}"><thead><tr>${columns(names)}</tr></thead><tbody></tbody></table>
      </div>
    </section>`;
const figure = (id: string, title: string) => `<div><dt>${title}</dt><dd id="count-${id}">0</dd></div>`;

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
].join('; ');

const figures = [
  figure('rooms', 'Rooms'),
  figure('connections', 'Connections'),
  figure('deliveries', 'Deliveries'),
  figure('faults', 'Faults'),
].join('');

const roomFilter = '<label>Room <select id="room-filter"></select></label>';
const onlyErrors = '<label><input type="checkbox" id="only-errors"> only errors</label>';
const clearFaults = '<button type="button" id="clear-faults">Remove all</button>';

const sections = [
  section(
    'rooms',
    'Rooms',
    ['Name', 'Id', 'Connections', 'Messages/s', 'Length', 'Review handler', 'Logs', 'Actions'],
    '',
    'whole',
  ),
  section('messages', 'Live messages and events', ['Time', 'Room', 'From', 'Content'], roomFilter),
  section('tokens', 'Chat tokens', ['User', 'Room', 'Capabilities', 'Expires', 'State']),
  section(
    'connections',
    'Connections',
    ['User', 'Room', 'Capabilities', 'Address', 'Since', 'Session ends'],
    '',
    'whole',
  ),
  section(
    'requests',
    'Recent requests',
    ['Time', 'Operation', 'Status', 'Error', 'Took', 'Caller'],
    onlyErrors,
    'whole',
  ),
  section('logging', 'Logging configurations', ['Name', 'Id', 'Destination', 'State']),
  section('deliveries', 'Log deliveries', ['Time', 'Destination', 'Records', 'State']),
  section(
    'faults',
    'Faults',
    ['Kind', 'Operation', 'Times left', 'Probability', 'Delay', 'Actions'],
    clearFaults,
  ),
].join('\n');

export const consolePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="console.css">
    <title>Local IVS Chat</title>
  </head>
  <body>
    <a class="skip" href="#main">Skip to content</a>
    <header>
      <h1>Local IVS Chat</h1>
      <span id="status" class="badge" role="status">connecting</span>
      <dl>${figures}</dl>
    </header>
    <main id="main">${sections}
    <section aria-labelledby="fault-title">
      <div class="heading"><h2 id="fault-title">Inject a fault</h2></div>
      <form id="fault-form">
        <label>Kind <select id="fault-kind"></select></label>
        <label>Operation <input id="fault-operation" placeholder="all" list="operations"></label>
        <label>Times <input id="fault-times" type="number" min="1" placeholder="until removed"></label>
        <label>
          Probability
          <input id="fault-probability" type="number" min="0" max="1" step="0.05" placeholder="1">
        </label>
        <label>
          Milliseconds
          <input id="fault-milliseconds" type="number" min="0" max="600000" placeholder="1000">
        </label>
        <button type="submit">Inject</button>
        <p id="fault-message" role="status"></p>
      </form>
      <datalist id="operations">${faultOperations.map((name) => `<option>${name}</option>`).join('')}</datalist>
    </section>
    </main>
    <script src="console.js"></script>
  </body>
</html>
`;

export const consoleStyle = `
:root {
  --ground: #f6f7f9; --card: #fff; --ink: #16202c; --soft: #52606d; --line: #d5dbe2; --accent: #0b5fce;
  --good: #0c6b3f; --good-ground: #def3e6; --bad: #a31919; --bad-ground: #fde4e4; --plain-ground: #e6ebf1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151c; --card: #19212b; --ink: #e8edf3; --soft: #a3b1bf; --line: #33404e; --accent: #7cb5ff;
    --good: #85e0ac; --good-ground: #113524; --bad: #ffaaaa; --bad-ground: #451b1b; --plain-ground: #2a3542;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; }
header {
  display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; padding: 16px 24px; background: var(--card);
  border-bottom: 1px solid var(--line);
}
h1 { font-size: 20px; margin: 0; }
h2 { font-size: 16px; margin: 0; }
header dl { display: flex; gap: 24px; margin: 0 0 0 auto; }
header dt { color: var(--soft); font-size: 12px; }
header dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
main {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 16px;
  padding: 16px 24px;
}
::placeholder { color: var(--soft); opacity: 1; }
.whole { grid-column: 1 / -1; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.heading {
  display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 10px 14px;
  min-height: 52px;
}
.scroll { max-height: 300px; overflow: auto; border-top: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; }
th, td {
  text-align: left; padding: 6px 14px; border-bottom: 1px solid var(--line); vertical-align: top;
  white-space: nowrap;
}
th {
  position: sticky; top: 0; background: var(--card); color: var(--soft); font-size: 12px; font-weight: 600;
  white-space: nowrap;
}
td { font-variant-numeric: tabular-nums; }
.long { white-space: normal; overflow-wrap: anywhere; min-width: 220px; }
.empty { white-space: normal; color: var(--soft); padding: 18px 14px; }
.badge {
  display: inline-block; padding: 1px 9px; border-radius: 99px; background: var(--plain-ground); font-size: 13px;
}
.badge.good { background: var(--good-ground); color: var(--good); }
.badge.bad { background: var(--bad-ground); color: var(--bad); }
button, select, input {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 6px;
  padding: 4px 10px;
}
button { cursor: pointer; white-space: nowrap; }
button[type=submit] { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
form {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 12px; padding: 14px;
  border-top: 1px solid var(--line); align-items: end;
}
form label { display: grid; gap: 4px; color: var(--soft); font-size: 13px; }
form label > * { color: var(--ink); font-size: 15px; width: 100%; min-width: 0; }
form label:first-child { grid-column: 1 / -1; }
form p { grid-column: 1 / -1; margin: 0; min-height: 1.4em; }
`;

// The source text of the function, with the helper that a bundler may have added to its inner functions.
export const consoleScript = `"use strict";const __name = (made) => made;(${runConsole.toString()})();`;
