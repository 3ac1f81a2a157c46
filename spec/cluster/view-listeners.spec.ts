import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { ViewListeners } from '../../lib/cluster/view-listeners';

const member = (name: string): Member => ({
  name,
  incarnation: 1,
  address: `${name}:1`,
  status: 'dead',
  leaseCounter: 0,
  actorTypes: [],
  load: 0,
});

describe('Those who listen to views', () => {
  it('all know a view before anybody is told who has died in it', () => {
    const told: string[] = [];
    const listeners = new ViewListeners();
    listeners.onDeath(({ name }) => told.push(`one: ${name} is dead`));
    for (const who of ['one', 'two']) listeners.onView(({ version }) => told.push(`${who}: view ${version}`));
    listeners.onDeath(({ name }) => told.push(`two: ${name} is dead`));
    listeners.tell({ version: 7, members: [] }, [member('a'), member('b')]);
    expect(told).to.deep.equal([
      'one: view 7',
      'two: view 7',
      'one: a is dead',
      'two: a is dead',
      'one: b is dead',
      'two: b is dead',
    ]);
  });
});
