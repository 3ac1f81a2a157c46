import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { ActorMigrations, type ActorMigrationsParts } from '../../lib/activation/actor-migrations';
import { ActorId } from '../../lib/identity/actor-id';
import { Departures, type DeparturesParts } from '../../lib/migration/departures';
import type { LeavingActor } from '../../lib/migration/migration-requests';
import { codeOf } from '../activation/cluster-fixture';

const target = ActorId.parse('spec/Rover/r');
const there = { node: { name: 'n2', incarnation: 2 }, address: 'there:1' };

/** What the other node answers. */
interface Answers {
  readonly adopt?: (leaving: LeavingActor) => Promise<unknown>;
  readonly checkAdoption?: () => Promise<void>;
}

describe('Activations that wait for another node to take over', () => {
  let isLeaseHeld: boolean;
  let asked: string[];

  beforeEach(() => {
    [isLeaseHeld, asked] = [true, []];
  });

  function departures(answers: Answers): Departures {
    const connect = (_type: unknown, address: string): unknown => {
      asked.push(address);
      return { $with: () => answers };
    };
    return new Departures({
      local: { address: 'here:1' },
      lease: {
        get held() {
          return isLeaseHeld;
        },
      },
      endpoints: { connect } as DeparturesParts['endpoints'],
      limitMs: 10,
    });
  }

  const leaving = { target, id: 'old', isOver: false };

  it('hand over what they have to whoever is registered in their place, and only while they wait', async () => {
    const seen: unknown[] = [];
    const here: Departures = departures({
      adopt: async ({ path, activation, address }) => {
        seen.push(path, address, here.handOver(activation), here.handOver('another'));
        return { activation: 'new', name: 'n2', incarnation: 3, isCarried: true };
      },
    });
    const state = new Uint8Array([1]);
    expect(here.handOver('old')).to.deep.equal({ isWaiting: false, state: null });
    const place = { actor: target.path, activation: 'new', node: { name: 'n2', incarnation: 3 }, address: 'there:1' };
    expect(await here.send(leaving, state, there)).to.deep.equal({ place, isCarried: true });
    expect(seen).to.deep.equal([target.path, 'here:1', { isWaiting: true, state }, { isWaiting: false, state: null }]);
    expect([here.handOver('old'), here.size]).to.deep.equal([{ isWaiting: false, state: null }, 0]);
  });

  it('hand over nothing when they have ended meanwhile, or their node has no lease', async () => {
    for (const isOver of [true, false]) {
      isLeaseHeld = isOver;
      const here: Departures = departures({
        adopt: async ({ activation }) => {
          expect(here.handOver(activation)).to.deep.equal({ isWaiting: false, state: null });
          return { activation: 'new', name: 'n2', incarnation: 3, isCarried: false };
        },
      });
      expect((await here.send({ ...leaving, isOver }, undefined, there)).isCarried).to.equal(false);
    }
  });

  it('learn why they are not taken over, and are forgotten', async () => {
    const refusal = new MoonpoolError('MIGRATION_REFUSED', { message: 'no' });
    const failed = new MoonpoolError('HANDLER_FAILED', { message: 'adopt failed', executed: 'yes', cause: refusal });
    const here = departures({ adopt: () => Promise.reject(failed) });
    expect(await codeOf(here.send(leaving, undefined, there))).to.equal('MIGRATION_REFUSED');
    const odd = departures({ adopt: async () => ({ activation: 7 }) });
    expect(await codeOf(odd.send(leaving, undefined, there))).to.equal('INVALID_OPTION');
    expect([here.size, odd.size, asked]).to.deep.equal([0, 0, ['there:1', 'there:1']]);
  });

  it('go on where the other node knows no migration, or cannot be asked', async () => {
    for (const code of ['FEATURE_MISSING', 'NODE_UNREACHABLE', 'ENDPOINT_NOT_FOUND'] as const) {
      let hasStopped = false;
      const present = { target, isRegistered: true, isActive: true, migrate: async () => (hasStopped = true) };
      const migrations = new ActorMigrations({
        activations: { get: () => present },
        destinations: { find: async () => there },
        departures: departures({
          checkAdoption: () => Promise.reject(new MoonpoolError(code, { message: 'it cannot be asked' })),
        }),
      } as unknown as ActorMigrationsParts);
      expect(await codeOf(migrations.migrate(target.path, undefined))).to.equal(code);
      expect(hasStopped).to.equal(false);
    }
  });
});
