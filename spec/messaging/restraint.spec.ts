import { expect } from 'chai';
import type { Call } from '../../lib/calls/call';
import { RefusalReason, type TurnRefusal } from '../../lib/calls/turn-refusal';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { Restraint } from '../../lib/messaging/restraint';
import { ManualTime } from '../scheduling/manual-time';

const NODE_BUSY: TurnRefusal = { reason: RefusalReason.nodeBusy, amount: 700 };
const ACTOR_BUSY: TurnRefusal = { reason: RefusalReason.actorBusy, amount: 700 };

describe('Restraint', () => {
  let time: ManualTime;
  let restraint: Restraint;
  let refused: TurnRefusal[];
  const [node, other] = ['n1:1', 'n2:1'].map((address) => ({ remote: { address } }) as PacketConnection) as [
    PacketConnection,
    PacketConnection,
  ];
  beforeEach(() => {
    time = new ManualTime();
    restraint = new Restraint(time);
    refused = [];
  });

  function callOf(path: string): Call {
    return { target: { path } } as unknown as Call;
  }

  function holdsBack({ target }: Call, { remote }: PacketConnection): boolean {
    const refusal = restraint.isActive ? restraint.refusalOf(target.path, remote?.address ?? '') : undefined;
    if (refusal !== undefined) refused.push(refusal);
    return refusal !== undefined;
  }

  /** Offers calls for a while, of which the place can answer so many a millisecond. Returns how many were sent in each millisecond. */
  function offer(forMs: number, perMs: number, capacityPerMs: number, refusal: TurnRefusal, path = 'a'): number {
    let sent = 0;
    let credit = 0;
    for (let ms = 0; ms < forMs; ms++, time.at++) {
      credit += capacityPerMs;
      for (let index = 0; index < perMs; index++) {
        const call = callOf(path);
        if (holdsBack(call, node)) continue;
        sent++;
        if (credit >= 1) {
          credit--;
          restraint.onAnswer(call, node);
        } else restraint.onRefusal(call, node, refusal);
      }
    }
    return sent / forMs;
  }

  it('ends with the connection of the node that has refused: the next life of it has refused nothing', () => {
    for (let call = 0; call < 2_000; call++) restraint.onRefusal(callOf('a'), node, NODE_BUSY);
    while (!holdsBack(callOf('b'), node));
    restraint.forget(other);
    expect(holdsBack(callOf('b'), node)).to.equal(true);
    restraint.forget(node);
    expect([holdsBack(callOf('b'), node), restraint.isActive]).to.deep.equal([false, false]);
  });

  it('keeps a bounded number of those who refuse', () => {
    for (let actor = 0; actor < 10_100; actor++) restraint.onRefusal(callOf(`a${actor}`), node, ACTOR_BUSY);
    const { allowances } = restraint as unknown as { readonly allowances: ReadonlyMap<string, unknown> };
    expect(allowances.size).to.equal(10_000);
  });

  it('ends when nobody has refused anything for a while, though nobody calls those any more that did', () => {
    restraint.onRefusal(callOf('a'), node, ACTOR_BUSY);
    time.at += 500;
    expect([holdsBack(callOf('b'), node), restraint.isActive]).to.deep.equal([false, true]);
    time.at += 2_000;
    expect([holdsBack(callOf('b'), node), restraint.isActive]).to.deep.equal([false, false]);
  });

  it('asks a node that refuses a little more than it answers, and ends the rest as the node would', () => {
    offer(1_000, 50, 10, NODE_BUSY);
    expect(offer(1_000, 50, 10, NODE_BUSY)).to.be.within(10, 14);
    expect(restraint.heldBack).to.equal(refused.length);
    expect(refused[0]).to.deep.equal(NODE_BUSY);
  });

  it('notices within seconds that the node can do more', () => {
    offer(2_000, 50, 10, NODE_BUSY);
    offer(3_000, 50, 40, NODE_BUSY);
    expect(offer(500, 50, 40, NODE_BUSY)).to.be.greaterThan(38);
  });

  it('ends a second after the last refusal', () => {
    offer(2_000, 50, 10, NODE_BUSY);
    time.at += 1_001;
    const before = restraint.heldBack;
    expect(offer(300, 8, 10, NODE_BUSY)).to.equal(8);
    expect(restraint.heldBack).to.equal(before);
  });

  it('of a busy actor is for the calls of that one, and of a node for those by its connection', () => {
    offer(1_000, 50, 10, ACTOR_BUSY, 'hot');
    offer(1_000, 50, 10, ACTOR_BUSY, 'hot');
    const held = (path: string, by: PacketConnection) =>
      Array.from({ length: 200 }, () => holdsBack(callOf(path), by)).some(Boolean);
    expect([held('hot', node), held('cold', node)]).to.deep.equal([true, false]);
    restraint = new Restraint(time);
    offer(2_000, 50, 1, NODE_BUSY);
    expect([held('cold', node), held('cold', other)]).to.deep.equal([true, false]);
  });

  it('goes by answers and not by time: what came while a process had much else to do allows as much as ever', () => {
    offer(2_000, 50, 10, NODE_BUSY);
    const call = callOf('a');
    for (let number = 0; number < 3_000; number++) restraint.onAnswer(call, node);
    let sent = 0;
    for (let number = 0; number < 10_000; number++) if (!holdsBack(call, node)) sent++;
    expect(sent).to.be.within(3_500, 3_800);
  });

  it('is for a process that is far behind itself too: refusals that nobody waits for any more, and deadlines noticed late', () => {
    for (const tell of [() => restraint.onRefusal(undefined, node, ACTOR_BUSY), () => restraint.onMissed(node, 400)]) {
      restraint = new Restraint(time);
      tell();
      const held = Array.from({ length: 2_000 }, () => holdsBack(callOf('anything'), node)).filter(Boolean);
      expect(held.length).to.be.within(900, 1_000);
      expect([holdsBack(callOf('anything'), other), restraint.isActive]).to.deep.equal([false, true]);
    }
  });

  it('says of what it holds back that there is too much to do, also where one call came too late or had to give way', () => {
    const said = [RefusalReason.late, RefusalReason.expired, RefusalReason.dropped, RefusalReason.mailboxFull].map(
      (reason) => {
        restraint = new Restraint(time);
        refused = [];
        restraint.onRefusal(callOf('a'), node, { reason, amount: 5 });
        for (let number = 0; number < 2_000; number++) holdsBack(callOf('a'), node);
        return refused[0]?.reason;
      },
    );
    expect(said).to.deep.equal([
      RefusalReason.nodeBusy,
      RefusalReason.actorBusy,
      RefusalReason.mailboxFull,
      RefusalReason.mailboxFull,
    ]);
  });

  it('is kept up, and not begun, by deadlines that are noticed in time', () => {
    restraint.onMissed(node, 1);
    expect(restraint.isActive).to.equal(false);
    restraint.onRefusal(undefined, node, NODE_BUSY);
    for (let round = 0; round < 30; round++, time.at += 100) restraint.onMissed(node, 1);
    expect(Array.from({ length: 3_000 }, () => holdsBack(callOf('a'), node)).some(Boolean)).to.equal(true);
  });

  it('asks now and then however little is answered, and forgets a connection that is gone', () => {
    offer(3_000, 5, 0, NODE_BUSY);
    expect(offer(1_000, 5, 0, NODE_BUSY) * 1_000).to.be.within(150, 300);
    restraint.forget(node);
    expect(holdsBack(callOf('a'), node)).to.equal(false);
  });
});
