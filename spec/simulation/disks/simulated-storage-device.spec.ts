import { expect } from 'chai';
import type { StorageDevice, StorageFile } from '../../../lib/providers/storage-device';
import { CALM_PROFILE, type ChaosProfile } from '../../../lib/simulation/chaos/profile/chaos-profile';
import type { SimulatedMachine } from '../../../lib/simulation/world/simulated-machine';
import { SimulatedWorld } from '../../../lib/simulation/world/simulated-world';
import type { SimulationEngine } from '../../../lib/simulation/engine/simulation-engine';
import { SimulatedStorageDevice } from '../../../lib/simulation/disks/simulated-storage-device';
import { engineOf, errorOf, sleepIn } from '../engine/engine-fixture';

interface Parts {
  readonly engine: SimulationEngine;
  readonly world: SimulatedWorld;
  readonly machine: SimulatedMachine;
  device(): StorageDevice;
  open(): Promise<StorageFile>;
  /** How long the work takes, in virtual milliseconds. */
  timed(work: () => Promise<unknown>): Promise<number>;
}

const NO_LATENCY = { ...CALM_PROFILE.device, readMs: [0, 0], writeMs: [0, 0], syncMs: [0, 0] } as const;

/** Runs the body with a machine whose faults are on. */
async function withDevice(
  profile: Partial<ChaosProfile>,
  body: (parts: Parts) => Promise<void>,
  seed = 1,
): Promise<SimulationEngine> {
  const engine = engineOf(seed);
  const world = new SimulatedWorld(engine, { ...CALM_PROFILE, ...profile });
  const machine = world.addMachine('node1', '10.0.0.1');
  const device = () => new SimulatedStorageDevice(machine.parts.disk, machine.life ?? machine.boot());
  world.setFaulty(true);
  const timed = async (work: () => Promise<unknown>) => {
    const begunAt = engine.now;
    await work();
    return engine.now - begunAt;
  };
  await engine.run(() => body({ engine, world, machine, device, timed, open: () => device().open('file') }));
  return engine;
}

const text = async (file: StorageFile) => Buffer.from(await file.read(0, 1_000)).toString();

describe('A simulated storage device', () => {
  it('takes the latency of each kind of operation', () =>
    withDevice({}, async ({ open, timed }) => {
      const file = await open();
      for (let round = 0; round < 50; round++) {
        expect(await timed(() => file.write(0, Buffer.from('x')))).to.be.within(0.1, 0.6);
        expect(await timed(() => file.read(0, 1))).to.be.within(0.05, 0.3);
        expect(await timed(() => file.sync())).to.be.within(1, 5.1);
      }
    }));

  it('begins no more operations in a second than it can', () =>
    withDevice({ device: { ...NO_LATENCY, operationsPerSecond: 100 } }, async ({ open, timed }) => {
      const file = await open();
      const tookMs = await timed(() => Promise.all(Array.from({ length: 50 }, () => file.read(0, 1))));
      expect(tookMs).to.be.within(500, 501);
    }));

  it('moves no more bytes in a second than it can', () =>
    withDevice({ device: { ...NO_LATENCY, bytesPerSecond: 1_000_000 } }, async ({ open, timed }) => {
      const file = await open();
      expect(await timed(() => file.write(0, Buffer.alloc(500_000)))).to.be.within(500, 501);
      expect(await timed(() => file.read(0, 250_000))).to.be.within(250, 251);
    }));

  it('fails to read, write or sync now and then, with an error that says whether it may have been done', async () => {
    for (const [operation, executed] of [
      ['read', 'no'],
      ['write', 'maybe'],
      ['sync', 'maybe'],
    ] as const) {
      const errors = { readProbability: 0, writeProbability: 0, syncProbability: 0, [`${operation}Probability`]: 1 };
      const { faults } = await withDevice({ deviceErrors: errors }, async ({ world, open }) => {
        world.setFaulty(false);
        const file = await open();
        world.setFaulty(true);
        const failing = {
          read: () => file.read(0, 1),
          write: () => file.write(0, Buffer.from('x')),
          sync: () => file.sync(),
        };
        expect(await errorOf(failing[operation]())).to.include({ code: 'STORAGE_DEVICE_FAILED', executed });
        world.setFaulty(false);
        await failing[operation]();
      });
      expect([...faults.keys()]).to.deep.equal([`disk-${operation}-error`]);
    }
  });

  it('writes a part of what it fails to write', async () => {
    const lengths = new Set<number>();
    for (let seed = 1; seed <= 40; seed++) {
      await withDevice(
        { deviceErrors: { readProbability: 0, writeProbability: 1, syncProbability: 0 } },
        async ({ open }) => {
          const file = await open();
          await errorOf(file.write(0, Buffer.from('abc')));
          const found = await text(file);
          expect('abc'.startsWith(found)).to.equal(true);
          lengths.add(found.length);
        },
        seed,
      );
    }
    expect([...lengths].sort()).to.deep.equal([0, 1, 2, 3]);
  });

  it('stalls now and then: everything that is asked of it waits', async () => {
    const { faults } = await withDevice(
      { deviceStalls: { ...CALM_PROFILE.deviceStalls, stallProbability: 1 } },
      async ({ world, open, timed }) => {
        world.setFaulty(false);
        const file = await open();
        world.setFaulty(true);
        const stalled = file.read(0, 1);
        world.setFaulty(false);
        const behindMs = await timed(() => file.read(0, 1));
        expect(behindMs).to.be.within(50, 501);
        await stalled;
        expect(await timed(() => file.read(0, 1))).to.be.lessThan(1);
      },
    );
    expect(faults.get('disk-stall')).to.equal(1);
  });

  it('is throttled now and then: it works at a fraction of its speed for a while', () =>
    withDevice(
      {
        device: { ...NO_LATENCY, operationsPerSecond: 100 },
        deviceStalls: { ...CALM_PROFILE.deviceStalls, throttleProbability: 1 },
      },
      async ({ engine, world, open, timed }) => {
        world.setFaulty(false);
        const file = await open();
        world.setFaulty(true);
        expect(await timed(() => file.read(0, 1))).to.be.within(20, 191);
        world.setFaulty(false);
        await sleepIn(engine, 5_000);
        expect(await timed(() => file.read(0, 1))).to.be.within(10, 10.1);
      },
    ));

  it('may lie about a sync, when a test wants it: what seemed durable is lost with the power', async () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      await withDevice(
        {},
        async ({ machine, device }) => {
          const file = await device().open('log');
          await file.write(0, Buffer.from('first '));
          await file.sync();
          machine.parts.disk.liesAboutSync = true;
          await file.write(6, Buffer.from('second'));
          await file.sync();
          machine.kill('power');
          found.add(await text(await device().open('log')));
        },
        seed,
      );
    }
    expect(found).to.include('first ').and.include('first second');
  });

  it('keeps over the death of a process alone what was not synced: it is in the memory of the machine', () =>
    withDevice({}, async ({ machine, device }) => {
      const file = await device().open('log');
      await file.write(0, Buffer.from('written'));
      machine.kill('process');
      expect(await text(await device().open('log'))).to.equal('written');
    }));

  it('is empty after a wipe', () =>
    withDevice({}, async ({ machine, device }) => {
      const file = await device().open('log');
      await file.sync();
      machine.kill('power');
      machine.parts.disk.wipe();
      expect(await device().list('')).to.deep.equal([]);
    }));
});
