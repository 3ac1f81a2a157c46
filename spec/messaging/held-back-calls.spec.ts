import { expect } from 'chai';
import type { Invocation } from '../../lib/calls/invocation';
import { RefusalReason } from '../../lib/calls/turn-refusal';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { heldBack, type CallSetting } from '../../lib/messaging/held-back-calls';
import { Restraint } from '../../lib/messaging/restraint';
import { ManualTime } from '../scheduling/manual-time';

const ADDRESS = 'n1:1';
const INVOCATION = { target: { id: { path: 'e/A/a' }, address: ADDRESS }, handler: { method: 'ask' } };

describe('A call that is held back', () => {
  let restraint: Restraint;
  const hold = (waiting = 0, invocation: object = INVOCATION): Promise<never> | undefined =>
    heldBack(
      invocation as Invocation,
      { restraint, pending: { size: waiting }, options: { maxPendingCalls: 10 } } as unknown as CallSetting,
    );
  beforeEach(() => {
    restraint = new Restraint(new ManualTime());
  });

  function refuseAll(): void {
    const connection = { remote: { address: ADDRESS } } as PacketConnection;
    restraint.onRefusal(undefined, connection, { reason: RefusalReason.nodeBusy, amount: 700 });
    while (restraint.refusalOf('e/A/a', ADDRESS) === undefined);
  }

  it('is none while nobody refuses anything, and none that a turn waits for', () => {
    expect(hold()).to.equal(undefined);
    refuseAll();
    expect(hold(0, { ...INVOCATION, scope: {} })).to.equal(undefined);
  });

  it('ends as the node would end it: nothing was executed', async () => {
    refuseAll();
    const error: unknown = await hold()?.catch((thrown: unknown) => thrown);
    expect(isMoonpoolError(error, 'NODE_OVERLOADED') && error.executed).to.equal('no');
    const crowded: unknown = await hold(10)?.catch((thrown: unknown) => thrown);
    expect(isMoonpoolError(crowded, 'TOO_MANY_PENDING_CALLS') && crowded.executed).to.equal('no');
  });
});
