import { expect } from 'chai';
import type { StorageDevice, StorageFile } from '../../../lib/providers/storage-device';
import { CALM_PROFILE } from '../../../lib/simulation/chaos/profile/chaos-profile';
import type { SimulatedMachine } from '../../../lib/simulation/world/simulated-machine';
import { SimulatedWorld } from '../../../lib/simulation/world/simulated-world';
import { SimulatedStorageDevice } from '../../../lib/simulation/disks/simulated-storage-device';
import { engineOf, sleepIn } from '../engine/engine-fixture';

const text = async (file: StorageFile) => Buffer.from(await file.read(0, 1_000)).toString();

/** Gives the body a machine, and a function that opens its disk for the present life. */
async function withMachine(
  seed: number,
  body: (machine: SimulatedMachine, device: () => StorageDevice, sleep: (ms: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const engine = engineOf(seed);
  const machine = new SimulatedWorld(engine, CALM_PROFILE).addMachine('node', '10.0.0.1');
  const device = () => new SimulatedStorageDevice(machine.parts.disk, machine.life ?? machine.boot());
  await engine.run(() => body(machine, device, (ms) => sleepIn(engine, ms)));
}

describe('A simulated disk', () => {
  it('keeps over a crash what was synced', () =>
    withMachine(1, async (machine, device) => {
      const file = await device().open('log');
      await file.write(0, Buffer.from('durable'));
      await file.sync();
      machine.kill('power');
      expect(await text(await device().open('log'))).to.equal('durable');
    }));

  it('loses or keeps each write that was not synced, as the seed decides for each', async () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      await withMachine(seed, async (machine, device) => {
        const file = await device().open('log');
        await file.write(0, Buffer.from('...'));
        await file.sync();
        for (const [offset, letter] of ['a', 'b', 'c'].entries()) await file.write(offset, Buffer.from(letter));
        expect(await text(file)).to.equal('abc');
        machine.kill('power');
        found.add(await text(await device().open('log')));
      });
    }
    expect([...found].sort()).to.deep.equal(['...', '..c', '.b.', '.bc', 'a..', 'a.c', 'ab.', 'abc']);
  });

  it('may lose a file that was never synced, and never one that was renamed into its place', async () => {
    const survivals: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      await withMachine(seed, async (machine, device) => {
        await device().open('new');
        await device().open('temporary');
        await device().rename('temporary', 'final');
        machine.kill('power');
        const names = await device().list('');
        expect(names).to.include('final').and.not.include('temporary');
        survivals.push(names.includes('new') ? 1 : 0);
      });
    }
    const kept = survivals.reduce((sum, one) => sum + one, 0);
    expect(kept).to.be.within(8, 32);
  });

  it('does not do what a crash interrupts, and answers a dead process nothing', () =>
    withMachine(1, async (machine, device, sleep) => {
      const file = await device().open('log');
      await file.sync();
      let answered = false;
      file.write(0, Buffer.from('never')).then(
        () => (answered = true),
        () => (answered = true),
      );
      machine.kill('process');
      await sleep(1_000);
      expect(answered).to.equal(false);
      file.write(0, Buffer.from('stale')).then(
        () => (answered = true),
        () => (answered = true),
      );
      await sleep(1_000);
      expect(answered).to.equal(false);
      expect(await text(await device().open('log'))).to.equal('');
    }));

  it("is the machine's own: another machine sees other files", async () => {
    const engine = engineOf(1);
    const world = new SimulatedWorld(engine, CALM_PROFILE);
    const deviceOf = (name: string, address: string) => {
      const machine = world.addMachine(name, address);
      return new SimulatedStorageDevice(machine.parts.disk, machine.boot());
    };
    const [one, two] = [deviceOf('one', '10.0.0.1'), deviceOf('two', '10.0.0.2')];
    await engine.run(async () => {
      await one.open('shared/name');
      expect(await two.exists('shared/name')).to.equal(false);
      expect(await one.list('shared')).to.deep.equal(['shared/name']);
    });
  });
});
