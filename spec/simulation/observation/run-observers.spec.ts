import { expect } from 'chai';
import { brokenInvariant, type ObservedRun, type RunObserver } from '../../../lib/simulation/observation/run-observer';
import { RunObservers } from '../../../lib/simulation/observation/run-observers';
import { SimulatedNetwork } from '../../../lib/simulation/network/simulated-network';
import { engineOf } from '../engine/engine-fixture';

function runOf(): ObservedRun {
  const engine = engineOf(1);
  return {
    engine,
    network: new SimulatedNetwork(engine),
    processes: {
      running: () => [],
      holdsLease: () => false,
      actors: () => [],
      isClient: () => false,
      registryOf: () => undefined,
    },
    sleep: () => Promise.resolve(),
  };
}

/** An observer that takes down what is asked of it. */
function noting(name: string, notes: string[], more: Partial<RunObserver> = {}): RunObserver {
  return {
    attach: () => void notes.push(`${name} attached`),
    begin: () => void notes.push(`${name} begun`),
    detach: () => void notes.push(`${name} detached`),
    ...more,
  };
}

describe('The observers of a run', () => {
  it('are attached and begin in their order, and let go in the opposite one, once', () => {
    const notes: string[] = [];
    const observers = new RunObservers([noting('first', notes), noting('second', notes)]);
    observers.attach(runOf());
    observers.begin({});
    observers.detach();
    observers.detach();
    expect(notes).to.deep.equal([
      'first attached',
      'second attached',
      'first begun',
      'second begun',
      'second detached',
      'first detached',
    ]);
  });

  it('see the events of a run in their order', () => {
    const seen: string[] = [];
    const listening = (name: string): RunObserver => ({
      attach: ({ engine }) => engine.timeline.listen((event) => void seen.push(`${name} ${event.name}`)),
    });
    const run = runOf();
    new RunObservers([listening('first'), listening('second')]).attach(run);
    run.engine.record(undefined, 'heal');
    expect(seen).to.deep.equal(['first heal', 'second heal']);
  });

  it('let go only of what they have attached to, when one of them cannot', () => {
    const notes: string[] = [];
    const refusing = noting('second', notes, {
      attach: () => {
        throw new Error('occupied');
      },
    });
    const observers = new RunObservers([noting('first', notes), refusing, noting('third', notes)]);
    expect(() => observers.attach(runOf())).to.throw('occupied');
    observers.detach();
    expect(notes).to.deep.equal(['first attached', 'first detached']);
  });

  it('are asked for faults one after the other, until one of them has found any', async () => {
    const notes: string[] = [];
    const finding = (name: string, wrong?: string): RunObserver =>
      noting(name, [], {
        findFault: () => {
          notes.push(name);
          return Promise.resolve(wrong === undefined ? undefined : brokenInvariant(name, wrong));
        },
      });
    const observers = new RunObservers([noting('silent', []), finding('a'), finding('b', 'it is odd'), finding('c')]);
    observers.attach(runOf());
    expect(String(await observers.findFault())).to.contain("The invariant 'b' does not hold: it is odd");
    expect(notes).to.deep.equal(['a', 'b']);
  });

  it('have their say in what the run ends with, each on what those before have said', () => {
    const saying = (what: string): RunObserver =>
      noting(what, [], { verdict: (error) => `${String(error ?? 'passed')}, ${what}` });
    const observers = new RunObservers([saying('seen'), noting('silent', []), saying('heard')]);
    expect(observers.verdict(undefined)).to.equal('passed, seen, heard');
  });
});
