import { expect } from 'chai';
import fc from 'fast-check';
import { BoundReferences } from '../../lib/actor/bound-references';
import { ReferencePort } from '../../lib/calls/reference-port';
import { wellKnownToken, WellKnownToken } from '../../lib/identity/well-known-token';
import { EnvelopeKind, MAX_HOPS, type RequestEnvelope } from '../../lib/messaging/envelope';
import { readEnvelope } from '../../lib/messaging/envelope-reader';
import { Protocol2Messages } from '../../lib/messaging/protocol-2-messages';
import { writeRequest } from '../../lib/messaging/envelope-writer';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { GOLDEN_PACKETS } from '../fuzz/golden-packets';

const ACTOR_MESSAGE = wellKnownToken(WellKnownToken.actorMessage);
const json = new JsonSerializer();
const adapter = new Protocol2Messages();

function read(payload: Buffer): ReturnType<typeof readEnvelope> {
  return readEnvelope(payload, json, new BoundReferences(new ReferencePort()));
}

const anyName = fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '/', '-'), minLength: 1, maxLength: 12 });
const anyRequest: fc.Arbitrary<RequestEnvelope> = fc.record({
  kind: fc.constantFrom(EnvelopeKind.request, EnvelopeKind.oneWay),
  correlation: fc.nat(),
  incarnation: fc.nat(),
  deadline: fc.double({ noNaN: true, noDefaultInfinity: true }),
  target: anyName,
  method: anyName,
  chain: fc.array(anyName, { maxLength: 5 }),
  values: fc.option(fc.constant({ tenant: 't', list: [1, 2] }), { nil: undefined }),
  isCancellable: fc.boolean(),
  isAnsweredOnArrival: fc.boolean(),
  hops: fc.nat(MAX_HOPS),
  args: fc.array(fc.oneof(fc.string(), fc.integer())),
});

describe('Actor messages of version 2 of the protocol', () => {
  it('say all that requests of this release do, in no more bytes', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const into = new ByteWriter();
        writeRequest(request, json, into);
        const own = into.take();
        const theirs = adapter.outgoing(ACTOR_MESSAGE, own);
        expect(theirs.length).to.be.at.most(own.length);
        expect(read(adapter.incoming(ACTOR_MESSAGE, theirs))).to.deep.equal(read(own));
      }),
    );
  });

  it('that must be understood whole, and cannot be said in it, are asked of no handler: nobody executes them', () => {
    const plain = {
      chain: [],
      values: undefined,
      isCancellable: false,
      isAnsweredOnArrival: false,
      hops: 0,
      args: [1],
    };
    const to = {
      kind: EnvelopeKind.request,
      correlation: 7,
      incarnation: 1,
      deadline: 5,
      target: 'a/B/c',
      method: 'm',
    };
    for (const field of [{ idempotencyKey: 'k' }, { classVersion: { number: 2, isStrict: true } }]) {
      const into = new ByteWriter();
      writeRequest({ ...to, ...plain, ...field }, json, into);
      const own = into.take();
      const theirs = adapter.outgoing(ACTOR_MESSAGE, own);
      expect(theirs.length).to.be.below(own.length);
      expect(read(adapter.incoming(ACTOR_MESSAGE, theirs))).to.include({ correlation: 7, target: 'a/B/c', method: '' });
    }
  });

  it('of every other kind are the same after they went there and back', () => {
    const messages = GOLDEN_PACKETS.filter(({ token }) => token === ACTOR_MESSAGE || token.equals(ACTOR_MESSAGE));
    expect(messages.length).to.be.greaterThan(10);
    for (const { name, payload, protocol = 3 } of messages) {
      const own = protocol === 2 ? adapter.incoming(ACTOR_MESSAGE, payload) : payload;
      if (name.includes('unknown field')) continue;
      const theirs = adapter.outgoing(ACTOR_MESSAGE, own);
      expect(theirs.length, name).to.be.at.most(own.length);
      expect(read(adapter.incoming(ACTOR_MESSAGE, theirs)), name).to.deep.equal(read(own));
    }
  });

  it('that cannot be read are left as they are, to be refused by whoever reads them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const payload = Buffer.from(bytes);
        expect(() => adapter.incoming(ACTOR_MESSAGE, payload)).to.not.throw();
      }),
    );
    const cut = Buffer.from([EnvelopeKind.request, 1, 2, 3]);
    expect(adapter.incoming(ACTOR_MESSAGE, cut)).to.equal(cut);
  });

  it('are the only packets that differ', () => {
    const payload = Buffer.from('anything');
    expect(adapter.incoming(wellKnownToken(WellKnownToken.reply), payload)).to.equal(payload);
    expect(adapter.outgoing(wellKnownToken(40), payload)).to.equal(payload);
  });
});
