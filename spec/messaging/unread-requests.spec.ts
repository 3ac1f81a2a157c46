import { expect } from 'chai';
import type { ArrivalGate, DeliveryPort } from '../../lib/calls/request';
import { RefusalReason, type TurnRefusal } from '../../lib/calls/turn-refusal';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { EnvelopeKind, type RequestEnvelope } from '../../lib/messaging/envelope';
import { writeRequest } from '../../lib/messaging/envelope-writer';
import { readEnvelope } from '../../lib/messaging/envelope-reader';
import { UnreadRequests, type UnreadRequestsParts } from '../../lib/messaging/unread-requests';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { ManualTime } from '../scheduling/manual-time';

const serializer = new JsonSerializer();
const NO_REFERENCES = { read: () => expect.fail('there are no references') };
const BUSY: TurnRefusal = { reason: RefusalReason.actorBusy, amount: 700 };

function bytesOf(request: Partial<RequestEnvelope>): Buffer {
  const writer = new ByteWriter();
  const whole: RequestEnvelope = {
    kind: EnvelopeKind.request,
    correlation: 7,
    incarnation: 1,
    deadline: 2_000,
    target: 'spec/Käse/ä',
    method: 'cut',
    chain: [],
    values: undefined,
    isCancellable: false,
    isAnsweredOnArrival: false,
    hops: 0,
    args: [{ slices: 3 }],
    ...request,
  };
  writeRequest(whole, serializer, writer);
  return writer.take();
}

describe('Requests that were not read yet', () => {
  let time: ManualTime;
  let asked: { path: string; deadline: number; isNested: boolean; isOneWay: boolean }[];
  let said: ReturnType<typeof readEnvelope>[];
  let dropped: string[];
  let gate: ArrivalGate | undefined;
  let isLeaseHeld: boolean;
  let unread: UnreadRequests;
  const writer = new ByteWriter();
  const from = {
    isClosed: false,
    // The other side's clock is 1,000 ms ahead.
    clock: { momentOf: (shown: number) => shown - 1_000 },
    remote: undefined,
    begin: () => writer,
    end: () => void said.push(readEnvelope(writer.take(), serializer, NO_REFERENCES)),
  } as unknown as PacketConnection;
  beforeEach(() => {
    time = new ManualTime();
    [asked, said, dropped] = [[], [], []];
    isLeaseHeld = true;
    gate = {
      isBusy: true,
      refusalOf: (path, arrival) => {
        asked.push({ path, ...arrival });
        return BUSY;
      },
    };
    const parts = {
      local: { node: { name: 'n1', incarnation: 1 } },
      lease: {
        get held() {
          return isLeaseHeld;
        },
      },
      port: {
        get busyGate() {
          return gate;
        },
      } as DeliveryPort,
      time,
      refusals: { note: (what: string) => void dropped.push(what) },
    } as unknown as UnreadRequestsParts;
    unread = new UnreadRequests(parts);
  });

  it('are refused by what their first bytes say, in a few bytes', () => {
    expect(unread.refuse(bytesOf({ chain: ['spec/A/a'] }), from)).to.equal(true);
    expect(asked).to.deep.equal([{ path: 'spec/Käse/ä', deadline: 1_000, isNested: true, isOneWay: false }]);
    expect(said).to.deep.equal([{ kind: EnvelopeKind.refusal, correlation: 7, refusal: BUSY }]);
  });

  it('are read while nothing waits, or what waits is not in their way', () => {
    gate = undefined;
    expect(unread.refuse(bytesOf({}), from)).to.equal(false);
    gate = { isBusy: true, refusalOf: () => undefined };
    expect(unread.refuse(bytesOf({}), from)).to.equal(false);
    expect(said).to.deep.equal([]);
  });

  it('are read when they are meant for another node, or this one may not serve: it says where they belong', () => {
    expect(unread.refuse(bytesOf({ incarnation: 2 }), from)).to.equal(false);
    expect(unread.refuse(bytesOf({ incarnation: 0 }), from)).to.equal(true);
    isLeaseHeld = false;
    expect(unread.refuse(bytesOf({}), from)).to.equal(false);
  });

  it('are refused when they come behind their deadline, by the clock of their connection; long after it they are not answered', () => {
    gate = undefined;
    time.at = 999;
    expect(unread.refuse(bytesOf({}), from)).to.equal(false);
    time.at = 1_004;
    expect(unread.refuse(bytesOf({}), from)).to.equal(true);
    expect(said).to.deep.equal([
      { kind: EnvelopeKind.refusal, correlation: 7, refusal: { reason: RefusalReason.late, amount: 4 } },
    ]);
    time.at = 60_000;
    expect(unread.refuse(bytesOf({}), from)).to.equal(true);
    expect([said.length, unread.late]).to.deep.equal([1, 2]);
  });

  it('are logged when nobody waits for them, and never answered', () => {
    expect(unread.refuse(bytesOf({ kind: EnvelopeKind.oneWay }), from)).to.equal(true);
    expect([said.length, asked[0]?.isOneWay, dropped]).to.deep.equal([0, true, ['a one-way message was dropped']]);
  });

  it('are left to be found malformed when they are cut off anywhere, or no requests', () => {
    const whole = bytesOf({});
    time.at = 5_000;
    const headerEnd = whole.length - serializerLength({ slices: 3 });
    for (let length = 0; length < headerEnd; length++)
      expect(unread.refuse(whole.subarray(0, length), from), `${length} bytes`).to.equal(false);
    expect(unread.refuse(Buffer.concat([Buffer.from([EnvelopeKind.cancel]), whole.subarray(1)]), from)).to.equal(false);
    gate = undefined;
    expect(unread.refuse(bytesOf({ deadline: Number.NaN }), from)).to.equal(false);
  });
});

function serializerLength(argument: object): number {
  const args = new ByteWriter();
  serializer.write([argument], args);
  return args.length;
}
