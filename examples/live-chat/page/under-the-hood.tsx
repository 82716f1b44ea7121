import { useEffect, useState, useSyncExternalStore } from 'react';
import { cdkLinesOf } from './cdk-lines';
import { Icon } from './icon';
import type { WireEntry, WireLog } from './wire-log';

/** A drawer with the requests and the frames of this page, and the lines of the CDK app that each depends on. */
export function UnderTheHood({ wireLog }: { wireLog: WireLog }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="code" />Under the hood
      </button>
      {isOpen && <Drawer wireLog={wireLog} onClose={() => setOpen(false)} />}
    </>
  );
}

function Drawer({ wireLog, onClose }: { wireLog: WireLog; onClose(): void }) {
  const entries = useSyncExternalStore(wireLog.subscribe, wireLog.getSnapshot);
  const [selectedKey, setSelectedKey] = useState<number>();
  const selected = entries.find(({ key }) => key === selectedKey);

  return (
    <section className="drawer" aria-label="Under the hood">
      <header>
        <h2>Under the hood</h2>
        <button type="button" onClick={wireLog.clear}>Clear</button>
        <button type="button" className="icon" aria-label="Close the drawer" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="panes">
        <ol className="wire" aria-label="Requests and frames">
          {[...entries].reverse().map((entry) => (
            <li key={entry.key}>
              <button
                type="button" aria-pressed={entry.key === selectedKey} onClick={() => setSelectedKey(entry.key)}
              >
                <time>{entry.time.toLocaleTimeString([], { hour12: false })}</time>
                <span aria-label={entry.direction === 'out' ? 'sent' : 'received'}>
                  {entry.direction === 'out' ? '↑' : '↓'}
                </span>
                <code>{entry.name}</code>
              </button>
            </li>
          ))}
        </ol>
        <div className="details" tabIndex={0} role="region" aria-label="Content">
          {selected
            ? <pre>{JSON.stringify(selected.body, undefined, 2)}</pre>
            : <p className="hint">Choose a request or a frame. Tokens are not shown.</p>}
        </div>
        <div className="details" tabIndex={0} role="region" aria-label="CDK app">
          <h3>In your CDK app</h3>
          {selected
            ? <CdkLines entry={selected} />
            : <p className="hint">The lines that a request or a frame depends on.</p>}
        </div>
      </div>
    </section>
  );
}

/** The lines of the stack that an entry depends on. */
function CdkLines({ entry }: { entry: WireEntry }) {
  const [source, setSource] = useState('');
  useEffect(() => {
    fetch('live-chat-stack.ts').then((response) => response.text()).then(setSource, () => setSource(''));
  }, []);
  return (
    <pre className="source">
      {cdkLinesOf(source, entry).map(({ number, text }) => <span key={number}><i>{number}</i>{`${text}\n`}</span>)}
    </pre>
  );
}
