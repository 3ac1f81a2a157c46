import { expect } from 'chai';
import type { Addressing } from '../../lib/addressing/addressing';
import { OBSERVER } from '../../lib/addressing/observer-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { CallMaker, connectionOf } from './call-fixture';

/** What its caller learns of a call whose connection is as given. */
function executedBy(addressing: Addressing, more: Partial<PacketConnection>, hasSeenFarewell: boolean): string {
  const traffic = { hasSeenFarewell } as PacketConnection['traffic'];
  const call = new CallMaker().make('spec/Account/alice', { addressing });
  call.connection = connectionOf('n2', { traffic, ...more });
  return call.executed;
}

describe('A call that gets no answer', () => {
  it('may have been executed when it may have left, and was not when its connection ended before that', () => {
    expect(executedBy(VIRTUAL, {}, false)).to.equal('maybe');
    expect(executedBy(VIRTUAL, { isClosed: true }, false)).to.equal('maybe');
    expect(executedBy(VIRTUAL, { isClosed: true, mayHaveLeft: () => false }, false)).to.equal('no');
  });

  it('was not executed when the node said farewell, whose actors have ended by then; the objects of its process have not', () => {
    expect(executedBy(VIRTUAL, {}, true)).to.equal('no');
    expect(executedBy(OBSERVER, {}, true)).to.equal('maybe');
  });
});
