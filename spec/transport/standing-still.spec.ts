import { expect } from 'chai';
import { Station } from './transport-fixture';
import { withTwoMachines, type TwoMachines } from '../simulation/network/network-fixture';
import type { TransportOptions } from '../../lib/connection/transport-options';

/** Longer than a connection may be silent. */
const STANDSTILL_MS = 4_500;
/** Others that are patient: they would cut a silent connection much later. */
const PATIENT: Partial<TransportOptions> = { silenceLimitMs: 60_000, handshakeLimitMs: 60_000 };

interface Scene extends TwoMachines {
  /** Stands still at times. */
  readonly sleeper: Station;
  readonly patient: Station;
}

function withSleeper(body: (scene: Scene) => Promise<void>): Promise<unknown> {
  return withTwoMachines(1, async (parts) => {
    const sleeper = new Station(parts, parts.a);
    const patient = new Station(parts, parts.b, PATIENT);
    await Promise.all([sleeper.transport.start(), patient.transport.start()]);
    await body({ ...parts, sleeper, patient });
  });
}

describe('A process that stood still for longer than connections may be silent', () => {
  for (const [which, from, to] of [
    ['has dialled', 'sleeper', 'patient'],
    ['was dialled', 'patient', 'sleeper'],
  ] as const) {
    it(`keeps those that it ${which}: what came meanwhile waits to be read`, () =>
      withSleeper(async (scene) => {
        scene[from].send(scene[to], 'before');
        await scene.sleep(2_300);
        scene.a.pause(STANDSTILL_MS);
        for (let number = 0; number < 4; number++) {
          await scene.sleep(1_000);
          if (from === 'patient') scene.patient.send(scene.sleeper, `meanwhile ${number}`);
        }
        await scene.sleep(10_000);
        scene[from].send(scene[to], 'after');
        await scene.sleep(100);
        expect([scene.sleeper.losses, scene.patient.losses]).to.deep.equal([[], []]);
        expect(scene[to].received.at(-1)).to.equal('after');
      }));

    it(`keeps those that it ${which} when nothing came, for the other side stood still as well`, () =>
      withSleeper(async (scene) => {
        scene[from].send(scene[to], 'before');
        await scene.sleep(2_300);
        scene.a.pause(20_000);
        scene.b.pause(20_000);
        await scene.sleep(23_000);
        scene[from].send(scene[to], 'after');
        await scene.sleep(100);
        expect([scene.sleeper.losses, scene.patient.losses]).to.deep.equal([[], []]);
        expect(scene[to].received).to.deep.equal(['before', 'after']);
      }));
  }

  it('ends a handshake that has begun before', () =>
    withSleeper(async ({ a, sleeper, patient, sleep }) => {
      sleeper.send(patient, 'in the midst');
      a.pause(STANDSTILL_MS);
      await sleep(STANDSTILL_MS + 500);
      expect([sleeper.losses, patient.received]).to.deep.equal([[], ['in the midst']]);
    }));

  it('still cuts, in time from its waking on, what stays silent', () =>
    withSleeper(async ({ a, b, sleeper, patient, sleep }) => {
      sleeper.send(patient, 'before');
      await sleep(1_000);
      b.pause(60_000);
      a.pause(STANDSTILL_MS);
      await sleep(STANDSTILL_MS + 100);
      sleeper.send(patient, 'into the dark');
      await sleep(1_000);
      expect(sleeper.losses).to.have.length(0);
      await sleep(5_000);
      expect(sleeper.losses[0]?.message).to.contain('nothing was heard for');
    }));
});
