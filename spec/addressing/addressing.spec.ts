import { expect } from 'chai';
import type { AddressedCall, Addressing, Routes } from '../../lib/addressing/addressing';
import { OBSERVER } from '../../lib/addressing/observer-addressing';
import { STATIC } from '../../lib/addressing/static-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { workerAddressing } from '../../lib/addressing/worker-addressing';
import { ActorId } from '../../lib/identity/actor-id';

/** The route by which the call goes. */
function routeOf(addressing: Addressing, call: Partial<AddressedCall> = {}): string {
  const taken: string[] = [];
  const routes: Routes<AddressedCall> = {
    toAddress: (_call, address) => taken.push(`to the node at ${address ?? 'this address'}`),
    toHome: () => taken.push('to its process'),
    toAnyHost: () => taken.push('to any host'),
    toActivation: () => taken.push('to the activation'),
  };
  addressing.route({ target: ActorId.of('spec', 'Type'), address: undefined, ...call }, routes);
  return taken.join(' and ');
}

describe('The addressing of an actor', () => {
  it('leads each kind by one route of its own', () => {
    expect([VIRTUAL, OBSERVER, workerAddressing()].map((kind) => routeOf(kind))).to.deep.equal([
      'to the activation',
      'to its process',
      'to any host',
    ]);
    expect(routeOf(STATIC)).to.equal('to the node at this address');
    expect(routeOf(STATIC, { address: '127.0.0.1:1' })).to.equal('to the node at 127.0.0.1:1');
  });

  it('keeps an order only where one activation has all the calls', () => {
    const all = [VIRTUAL, STATIC, OBSERVER, workerAddressing(1)];
    expect(all.filter(({ keepsOrder }) => keepsOrder)).to.deep.equal([VIRTUAL]);
    expect(all.filter(({ isRegistered }) => isRegistered)).to.deep.equal([VIRTUAL]);
  });

  it('lets eight workers of one key share a node, unless the class says otherwise', () => {
    expect([workerAddressing().maxPerNode, workerAddressing(3).maxPerNode]).to.deep.equal([8, 3]);
  });
});
