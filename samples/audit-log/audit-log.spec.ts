import { expect } from 'chai';
import { ActorRuntime, Logger, memory } from 'moonpool';
import type { ContainerModule, LogFields } from 'moonpool';
import { auditLog } from './audit-log';
import './audit-simulation';
import { Relay } from './relay';

/** The log of one process. */
class KeptLog implements Logger {
  readonly entries: LogFields[] = [];
  readonly module: ContainerModule = { name: 'kept-log', load: (bind) => bind(Logger).toValue(this) };

  info(message: string, fields: LogFields = {}): void {
    if (message === 'audit') this.entries.push(fields);
  }
  warn(): void {}
  error(): void {}
}

describe('The audit log', () => {
  const [north, south] = [new KeptLog(), new KeptLog()];
  const runtimes = new Map<string, ActorRuntime>();
  const on = (name: string): ActorRuntime => runtimes.get(name) as ActorRuntime;

  before(async () => {
    const cluster = { namespace: 'audited', actors: [Relay], inProcess: false };
    const store = memory();
    for (const [name, log] of [
      ['north', north],
      ['south', south],
    ] as const)
      runtimes.set(name, await ActorRuntime.start({ ...cluster, name, modules: [store, log.module, auditLog()] }));
  });
  after(() => Promise.all([...runtimes.values()].map((runtime) => runtime.shutdown())));
  beforeEach(() => [north, south].forEach(({ entries }) => entries.splice(0)));

  it('follows a call through two nodes under one trace', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `relay-${index}`);
    const nodes = await on('north').actor(Relay, 'first').pass(keys);
    expect(new Set(nodes)).to.deep.equal(new Set(['north', 'south']));
    const all = [...north.entries, ...south.entries];
    expect(new Set(all.map(({ trace }) => trace))).to.have.lengthOf(1);
    expect(all[0]?.['trace']).to.match(/^[0-9a-f]{32}$/);
    const served = all.filter(({ side, outcome }) => side === 'served' && outcome === 'ok');
    expect(served.map(({ actor }) => actor)).to.have.members(['first', ...keys].map((key) => `audited/Relay/${key}`));
    for (const { entries } of [north, south])
      expect(entries.filter(({ side }) => side === 'served')).to.not.have.lengthOf(0);
  });

  it('gives each call of a program a trace of its own, unless it brings one', async () => {
    const relay = on('north').actor(Relay, 'alone');
    await relay.pass([]);
    await relay.pass([]);
    await relay.$with({ context: { traceId: 'of-a-gateway' } }).pass([]);
    const traces = new Set([...north.entries, ...south.entries].map(({ trace }) => trace));
    expect(traces).to.have.lengthOf(3);
    expect(traces).to.include('of-a-gateway');
  });

  it('writes down what a call failed with, at both ends', async () => {
    await on('south')
      .actor(Relay, 'refusing')
      .refuse()
      .catch(() => undefined);
    const ends = [...north.entries, ...south.entries].filter(({ outcome }) => outcome !== 'begins');
    expect(ends.map(({ side, outcome }) => `${side} ${outcome}`)).to.have.members(['served error', 'made error']);
  });
});
