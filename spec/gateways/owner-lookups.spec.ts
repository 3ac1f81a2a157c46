import { expect } from 'chai';
import type { Member, MembershipView } from '../../lib/cluster/membership-store';
import { RangeOwners, rangeOf } from '../../lib/directory/ranges';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { OwnerLookups, type OwnerLookupsParts } from '../../lib/gateways/owner-lookups';
import { failureOf } from '../activation/cluster-fixture';

const member = (name: string): Member => ({
  name,
  incarnation: 1,
  address: `${name}:1`,
  status: 'active',
  leaseCounter: 0,
  actorTypes: [],
  load: 0,
});
const VIEW: MembershipView = { version: 1, members: ['a', 'b', 'c', 'd'].map(member) };
const ACTORS = Array.from({ length: 20 }, (_, index) => `shop/Cart/${index}`);
const addressOf = (actor: string): string => new RangeOwners(VIEW).ownerOf(rangeOf(actor))?.address ?? '';

describe('The lookups of a client whose nodes keep the directory', () => {
  let asked: string[];
  let down: Set<string>;
  let view: MembershipView;
  /** What the next read of the members says. */
  let next: MembershipView | undefined;

  beforeEach(() => {
    [asked, down, view, next] = [[], new Set(), VIEW, undefined];
  });

  function lookups(): OwnerLookups {
    const connect = (_type: unknown, address: string): unknown => ({
      $with: () => ({
        lookupAll: async (actors: readonly string[]) => {
          asked.push(`${address} ${actors.length}`);
          if (down.has(address)) throw new MoonpoolError('NODE_UNREACHABLE', { message: `${address} is down` });
          return actors.map((actor) =>
            actor.endsWith('7') ? null : { activation: `of ${actor}`, name: 'x', incarnation: 1, address: 'x:1' },
          );
        },
      }),
    });
    return new OwnerLookups({
      membership: {
        get view() {
          return view;
        },
        refresh: async () => void (view = next ?? view),
      },
      endpoints: { connect } as OwnerLookupsParts['endpoints'],
      tasks: { spawn: () => undefined, defer: (callback) => void setImmediate(callback), yield: async () => undefined },
    });
  }

  it('ask the owner of each actor, once for all that are looked for at the same moment', async () => {
    const directory = lookups();
    const found = await Promise.all(ACTORS.map((actor) => directory.lookup(actor)));
    expect(found.map((registration) => registration?.activation)).to.deep.equal(
      ACTORS.map((actor) => (actor.endsWith('7') ? undefined : `of ${actor}`)),
    );
    const counts = new Map<string, number>();
    for (const actor of ACTORS) counts.set(addressOf(actor), (counts.get(addressOf(actor)) ?? 0) + 1);
    expect(asked).to.have.members([...counts].map(([address, count]) => `${address} ${count}`));
  });

  it('ask other nodes when the owner does not answer, and say in the end who was asked', async () => {
    const actor = ACTORS[0] as string;
    const directory = lookups();
    down.add(addressOf(actor));
    expect((await directory.lookup(actor))?.activation).to.equal(`of ${actor}`);
    expect(asked).to.have.length(2);
    down = new Set(VIEW.members.map(({ address }) => address));
    const error = await failureOf(directory.lookup(actor));
    expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(error.message).to.contain(`asked were ${addressOf(actor)} (`);
    view = { version: 2, members: [] };
    expect((await failureOf(directory.lookup(actor))).message).to.contain('the cluster has no active node');
  });

  it('read the members again when none of those that were asked has answered: the next lookup asks the nodes that there are then', async () => {
    const actor = ACTORS[0] as string;
    const directory = lookups();
    down = new Set(VIEW.members.map(({ address }) => address));
    next = { version: 2, members: [member('e')] };
    await failureOf(directory.lookup(actor));
    expect((await directory.lookup(actor))?.activation).to.equal(`of ${actor}`);
    expect(asked.at(-1)).to.equal('e:1 1');
  });

  it('are all that a client does with the directory', async () => {
    const directory = lookups();
    const registration = { actor: 'a/b/c', activation: 'x', node: { name: 'n', incarnation: 1 }, address: 'n:1' };
    expect(await failureOf(directory.register(registration))).to.include({ code: 'FEATURE_MISSING' });
    expect(await failureOf(directory.unregister('a/b/c'))).to.include({ code: 'FEATURE_MISSING' });
  });
});
