import { expect } from 'chai';
import { ActorRuntime, Logger, type ContainerModule } from 'moonpool';
import { EventLog, EventSinks } from 'moonpool/modules';
import { silentEventLog, type EventFields } from '../../lib/observability/event-log';
import { eventLogWith } from '../../lib/observability/event-sink';

const lines: string[] = [];
const logger: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, error, fields) => void lines.push(`${message}: ${String(error)} ${JSON.stringify(fields)}`),
};
const quiet: ContainerModule = { name: 'quiet', load: (bind) => bind(Logger).toValue(logger) };

describe('The event log of a process', () => {
  beforeEach(() => void lines.splice(0));

  it('is silent where no module contributes a sink', async () => {
    const runtime = await ActorRuntime.start({ namespace: 'sinks', name: 'node', actors: [], modules: [quiet] });
    expect(runtime.service(EventLog)).to.equal(silentEventLog);
    await runtime.shutdown();
  });

  it('tells every sink of every event, in the order of the modules', async () => {
    const told: string[] = [];
    const sink = (name: string): ContainerModule => ({
      name,
      load: (_bind, contribute) =>
        contribute(EventSinks, { record: (event, { done }) => void told.push(`${name}: ${event} ${String(done)}`) }),
    });
    const modules = [quiet, sink('first'), sink('second')];
    const runtime = await ActorRuntime.start({ namespace: 'sinks', name: 'node', actors: [], modules });
    const events = runtime.service(EventLog);
    expect(events.enabled).to.equal(true);
    events.record('house:moved', { done: true });
    expect(told.filter((line) => line.includes('house'))).to.deep.equal([
      'first: house:moved true',
      'second: house:moved true',
    ]);
    await runtime.shutdown();
  });

  it('keeps from its process what a sink throws, and logs it once', () => {
    const told: EventFields[] = [];
    const failing = {
      record: () => {
        throw new Error('full');
      },
    };
    const events = eventLogWith(
      silentEventLog,
      [failing, { record: (_name, fields) => void told.push(fields) }],
      logger,
    );
    events.record('house:moved', { to: 1 });
    events.record('house:moved', { to: 2 });
    expect(told).to.deep.equal([{ to: 1 }, { to: 2 }]);
    expect(lines).to.deep.equal(['a sink of events failed: Error: full {"event":"house:moved"}']);
  });

  it('tells the world of the process first, as it does without sinks', () => {
    const told: string[] = [];
    const base: EventLog = {
      enabled: true,
      record: (name) => void told.push(`world ${name}`),
      within: (_turn, code) => {
        told.push('within');
        return code();
      },
    };
    const events = eventLogWith(base, [{ record: (name) => void told.push(`sink ${name}`) }], logger);
    expect(events.within?.(undefined, () => 5)).to.equal(5);
    expect(events.persisting).to.equal(undefined);
    events.record('house:moved', {});
    expect(told).to.deep.equal(['within', 'world house:moved', 'sink house:moved']);
    expect(eventLogWith(base, [], logger)).to.equal(base);
  });
});
