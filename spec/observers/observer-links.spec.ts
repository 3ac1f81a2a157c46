import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { LocalNode, type NodeRole } from '../../lib/identity/local-node';
import { ObserverLinks } from '../../lib/observers/observer-links';
import type { TimeProvider } from '../../lib/providers/time-provider';

const member = (name: string, status: Member['status'] = 'active'): Member => ({
  ...{ name, incarnation: 1, address: name, status, leaseCounter: 0, actorTypes: [], load: 0 },
});

describe('A client with observers', () => {
  let members: readonly Member[];
  /** What the next reads of the members come to. */
  let reads: (() => readonly Member[])[];
  let dialled: string[];
  let down: ReadonlySet<string>;
  let due: Set<() => void>;
  let wanted: boolean;

  const linksOf = (role: NodeRole): ObserverLinks => {
    const membership = {
      get view() {
        return { version: 1, members };
      },
      refresh: async () => void (members = reads.shift()?.() ?? members),
    };
    const peer = (address: string) => ({
      connection: () => {
        dialled.push(address);
        if (down.has(address)) throw new Error('it is down');
      },
    });
    const schedule = (_ms: number, callback: () => void) => {
      due.add(callback);
      return { cancel: () => due.delete(callback) };
    };
    type Parts = ConstructorParameters<typeof ObserverLinks>;
    const parts = [membership, { peer }, { schedule } as Partial<TimeProvider>] as unknown as Parts;
    return new ObserverLinks(parts[0], parts[1], parts[2], new LocalNode(role, 'spec', 'c'));
  };
  /** The next look is due. @returns whom it has dialled. */
  const look = async (): Promise<readonly string[]> => {
    const callbacks = [...due];
    due.clear();
    for (const callback of callbacks) callback();
    await new Promise((resolve) => setImmediate(resolve));
    return dialled.splice(0);
  };

  beforeEach(() => {
    [members, reads, dialled, down, due, wanted] = [[member('a'), member('b')], [], [], new Set(), new Set(), true];
  });

  it('connects to all active nodes, those among them that have just joined, and again and again to those that it does not reach', async () => {
    members = [...members, member('d', 'dead'), member('l', 'leaving')];
    reads = [() => [member('a'), member('b'), member('new')]];
    down = new Set(['a']);
    linksOf('client').keep(() => wanted);
    expect(new Set(await look())).to.deep.equal(new Set(['a', 'b', 'new']));
    expect(new Set(await look())).to.deep.equal(new Set(['a', 'b', 'new']));
  });

  it('goes on when the members cannot be read', async () => {
    const away = () => {
      throw new Error('the store is away');
    };
    reads = [away, away, () => [member('c')]];
    linksOf('client').keep(() => wanted);
    await look();
    expect(await look()).to.include('c');
  });

  it('looks no more when there is none, and again with the next one', async () => {
    const links = linksOf('client');
    links.keep(() => wanted);
    wanted = false;
    await look();
    expect([await look(), due.size]).to.deep.equal([[], 0]);
    wanted = true;
    for (let observer = 0; observer < 2; observer++) links.keep(() => wanted);
    expect(due.size).to.equal(1);
    expect(await look()).to.include('a');
    links.stop();
    links.keep(() => wanted);
    expect([await look(), due.size]).to.deep.equal([[], 0]);
  });

  it('that is a node is connected to others by what they ask it', async () => {
    linksOf('node').keep(() => wanted);
    expect([await look(), due.size]).to.deep.equal([[], 0]);
  });
});
