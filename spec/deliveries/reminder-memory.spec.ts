import { expect } from 'chai';
import { reminderId } from '../../lib/deliveries/delivery-id';
import { encodeDelivery, type ReminderPart } from '../../lib/deliveries/delivery-record';
import { ReminderMemory } from '../../lib/deliveries/reminder-memory';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import type { NewDelivery } from '../../lib/storage/stored-delivery';
import { NOTHING_DURABLE } from '../../lib/turns/nothing-durable';
import type { Turn } from '../../lib/turns/turn';

const PATH = 'spec/Actor/a';
const part = (setting: string): ReminderPart => {
  return { name: 'r', setting, missed: 0, schedule: { kind: 'every', everyMs: 10 } };
};
const stored = (setting: string, dueAt: number | undefined = undefined): NewDelivery => {
  const id = reminderId(PATH, 'r');
  const record = { target: PATH, method: '$reminder/r', args: Buffer.from('[]'), values: undefined, key: setting };
  const rest = { executions: 0, attempts: 0, refusals: 0, dueAt, failure: undefined, reminder: part(setting) };
  return { id, target: PATH, slot: 0, due: { at: 0 }, data: encodeDelivery(id, { ...record, ...rest }) };
};
const firing = (setting: string, dueAt = 0) => ({ name: 'r', setting, dueAt, missed: 0 });
const turn = (isLinked: boolean) => ({ isLinked }) as Turn;

describe('What an activation knows of its reminders', () => {
  let storage: MemoryStorage;
  let memory: ReminderMemory;
  beforeEach(() => {
    storage = new MemoryStorage(() => 0);
    memory = new ReminderMemory(PATH, NOTHING_DURABLE, storage);
  });

  it('is what the store has, asked once', async () => {
    await storage.deliver([stored('one')]);
    expect(await memory.verdictOn(firing('one'))).to.equal('due');
    storage.deliveries = () => Promise.reject(new Error('asked again'));
    expect(await memory.verdictOn(firing('one'))).to.equal('due');
  });

  it('is not set what the store does not have, or has from another time', async () => {
    expect(await memory.verdictOn(firing('one'))).to.equal('not-set');
    await storage.deliver([stored('two')]);
    expect(await memory.verdictOn(firing('one'))).to.equal('not-set');
    expect(await memory.verdictOn(firing('two'))).to.equal('due');
  });

  it('is what a turn under way has decided, whatever the store has', async () => {
    await storage.deliver([stored('one')]);
    memory.decide(turn(true), 'r', undefined);
    expect(await memory.verdictOn(firing('one'))).to.equal('not-set');
    memory.decide(turn(true), 'r', part('two'));
    expect(await memory.verdictOn(firing('one'))).to.equal('not-set');
    expect(await memory.verdictOn(firing('two'))).to.equal('due');
  });

  it('is what the store has when the turn is over that has decided otherwise: that may have come to nothing', async () => {
    await storage.deliver([stored('one')]);
    memory.decide(turn(false), 'r', undefined);
    expect(await memory.verdictOn(firing('one'))).to.equal('due');
  });

  it('is that a due time has passed when a later one was executed, here or elsewhere', async () => {
    await storage.deliver([stored('one', 20)]);
    expect(await memory.verdictOn(firing('one', 10))).to.equal('passed');
    expect(await memory.verdictOn(firing('one', 20))).to.equal('due');
    memory.noteExecuted(firing('one', 30));
    expect(await memory.verdictOn(firing('one', 20))).to.equal('passed');
    expect(await memory.verdictOn(firing('one', 30))).to.equal('due');
    memory.decide(turn(true), 'r', part('two'));
    expect(await memory.verdictOn(firing('two', 10))).to.equal('due');
  });

  it('leaves out a record that is spoiled, and takes the others', async () => {
    const id = reminderId(PATH, 'spoiled');
    await storage.deliver([stored('one'), { id, target: PATH, slot: 0, due: { at: 0 }, data: Buffer.from([1, 2]) }]);
    expect(await memory.verdictOn(firing('one'))).to.equal('due');
    expect([...(await memory.all()).keys()]).to.deep.equal(['r']);
  });

  it('shows what is set but not in the store yet beside what is', async () => {
    await storage.deliver([stored('one')]);
    memory.decide(turn(true), 's', { ...part('new'), name: 's' });
    expect([...(await memory.all()).keys()].sort()).to.deep.equal(['r', 's']);
    memory.decide(turn(true), 'r', undefined);
    expect([...(await memory.all()).keys()]).to.deep.equal(['s']);
  });
});
