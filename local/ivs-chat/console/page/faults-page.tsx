import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../../faults';
import { ActionButton, Badge, PageHeading, Section, Table, type PageProps } from './elements';
import {
  activeFaultOf, faultSwitches, faultTitle, removeAllFaults, removeFault, turnOn, type FaultSwitch,
} from './fault-switches';
import { counted, matches } from './format';
import type { ConsoleData } from './live-console';
import { hrefTo } from './route';
import { sendToServer } from './service-requests';
import { showError, showToast } from './toasts';

export function FaultsPage({ data, search }: PageProps) {
  const affected = data.requests.filter(({ fault }) => fault !== undefined).length;
  return (
    <>
      <PageHeading title="Faults">
        {affected > 0 && (
          <a href={hrefTo('requests', [], { show: 'faults' })}>{counted(affected, 'affected request')}</a>
        )}
      </PageHeading>
      <Section title="Switches"><FaultSwitches data={data} /></Section>
      <Section title="Active faults" tools={data.faults.length > 0 && (
        <ActionButton action={removeAllFaults} done="The faults are removed">Remove all</ActionButton>
      )}>
        <Table
          title="Active faults"
          items={data.faults.filter((fault) => matches(fault, search))}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Fault', cell: (fault) => faultTitle(fault) },
            { title: 'Kind', cell: ({ kind }) => <code>{kind}</code>, isWide: true },
            { title: 'Operation', cell: ({ operation }) => operation ?? 'all', isWide: true },
            { title: 'Left', cell: ({ times }) => times ?? 'until removed', isWide: true },
            { title: 'Probability', cell: ({ probability = 1 }) => percentText(probability), isWide: true },
            {
              title: 'Actions',
              cell: (fault) => (
                <ActionButton
                  class="quiet"
                  aria-label={`Remove ${faultTitle(fault)}`}
                  action={() => removeFault(fault.id)}
                  done="The fault is removed"
                >
                  Remove
                </ActionButton>
              ),
            },
          ]}
          empty="No fault is active."
        />
      </Section>
      <FaultForm data={data} />
    </>
  );
}

/** Returns a probability as `55 %`, without the error of the floating-point product. */
const percentText = (probability: number) => `${Number((probability * 100).toPrecision(12))} %`;

export const FaultSwitches = ({ data }: { data: ConsoleData }) => (
  <div class="switches">{faultSwitches.map((item) => <Switch key={item.title} item={item} data={data} />)}</div>
);

/** The longest time that a switch shows what was chosen instead of the state of the service. */
const PENDING_MILLISECONDS = 2000;

function Switch({ item, data }: { item: FaultSwitch; data: ConsoleData }) {
  const active = activeFaultOf(item, data.faults);
  const [chosen, choose] = useState<boolean>();
  const isOn = chosen ?? active !== undefined;
  const affected = active && data.requests.filter(({ fault }) => fault === active.kind).length;
  useEffect(() => choose(undefined), [active !== undefined]);
  const toggle = async () => {
    choose(!isOn);
    setTimeout(() => choose(undefined), PENDING_MILLISECONDS);
    try {
      await (active ? removeFault(active.id) : turnOn(item));
    } catch (error) {
      showError(error);
      choose(undefined);
    }
  };
  return (
    <label class={`switch ${isOn ? 'on' : ''}`}>
      <strong>{item.title}</strong>
      <input type="checkbox" role="switch" aria-label={item.title} checked={isOn} onChange={toggle} />
      <small>{item.effect} {affected ? <Badge tone="bad">{counted(affected, 'request')}</Badge> : null}</small>
    </label>
  );
}

function FaultForm({ data }: { data: ConsoleData }) {
  const kinds = Object.keys(data.faultKinds);
  const [kind, setKind] = useState('throttle');
  const submit = async (form: HTMLFormElement) => {
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const number = (name: string) => (given[name] === undefined ? undefined : Number(given[name]));
    const fault = {
      kind,
      operation: given.operation,
      times: number('times'),
      probability: number('probability'),
      milliseconds: number('milliseconds'),
    } as Fault;
    try {
      await sendToServer('POST', 'faults', fault);
      showToast('The fault is active');
    } catch (error) {
      showError(error);
    }
  };
  return (
    <Section title="Another fault">
      <form class="form" onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}>
        <label>Kind
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {kinds.map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        <label>Operation
          <select name="operation">
            <option value="">all</option>
            {data.service.faultOperations.map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        <label>Times <input name="times" type="number" min="1" placeholder="until removed" /></label>
        <label>Probability
          <input name="probability" type="number" min="0" max="1" step="0.05" placeholder="1" />
        </label>
        {kind === 'latency' && (
          <label>Milliseconds
            <input name="milliseconds" type="number" min="0" max="600000" placeholder="1000" />
          </label>
        )}
        <button type="submit" class="primary">Add the fault</button>
      </form>
      <p class="soft">{kind}: {data.faultKinds[kind]}.</p>
    </Section>
  );
}
