import { expect } from 'chai';
import type { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { Uid } from '../../lib/identity/uid';
import { WellKnownToken, wellKnownToken } from '../../lib/identity/well-known-token';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { ClusterSecret } from '../../lib/handshake/cluster-secret';
import { Handshake } from '../../lib/handshake/handshake';
import type { HandshakeSide } from '../../lib/handshake/handshake-side';
import type { Hello } from '../../lib/handshake/hello';
import { LocalNode, type NodeRole } from '../../lib/identity/local-node';
import { PacketReader } from '../../lib/wire/packet-reader';

const SECRET = 'a secret of the cluster';
const OTHER_SECRET = 'a secret of somebody else';
const HELLO = wellKnownToken(WellKnownToken.hello);

interface Packet {
  readonly token: Uid;
  readonly payload: Buffer;
}

interface PartyOptions {
  readonly secret?: string | readonly string[];
  readonly cluster?: string;
  readonly role?: NodeRole;
  readonly seed?: number;
  readonly refuses?: (hello: Hello) => string | undefined;
}

/** One side of a handshake, whose packets the spec carries over by hand. */
class Party {
  readonly written: Packet[] = [];
  readonly handshake: Handshake;
  known: Hello | undefined;
  failure: MoonpoolError | undefined;

  constructor(
    side: HandshakeSide,
    { secret, cluster = 'spec', role = 'node', seed = 1, refuses = () => undefined }: PartyOptions = {},
  ) {
    const local = new LocalNode(role, cluster, side);
    local.join({ name: side, incarnation: 7 });
    const reader = new PacketReader((token, payload) => this.written.push({ token, payload }));
    const random = new Xoshiro128(side === 'dialler' ? seed : seed + 1_000);
    const parts = { local, random, refuses, secret: secret === undefined ? undefined : new ClusterSecret(secret) };
    this.handshake = new Handshake(side, parts, (bytes) => reader.read(bytes));
    this.handshake.begin();
  }

  /** Takes packets until the handshake is done or fails. */
  take({ token, payload }: Packet): void {
    if (this.failure !== undefined) return;
    try {
      this.known = this.handshake.receive(token, payload);
    } catch (error) {
      this.failure = error as MoonpoolError;
    }
  }
}

/** Carries packets to and fro until nothing is left to carry; `onTheWay` may change them. */
function converse(
  dialler: Party,
  acceptor: Party,
  onTheWay: (packet: Packet, from: Party) => Packet = (packet) => packet,
): void {
  for (let [there, back] = [0, 0]; there < dialler.written.length || back < acceptor.written.length;) {
    while (there < dialler.written.length) acceptor.take(onTheWay(dialler.written[there++] as Packet, dialler));
    while (back < acceptor.written.length) dialler.take(onTheWay(acceptor.written[back++] as Packet, acceptor));
  }
}

function meet(dialling: PartyOptions, accepting: PartyOptions): { readonly dialler: Party; readonly acceptor: Party } {
  const [dialler, acceptor] = [new Party('dialler', dialling), new Party('acceptor', accepting)];
  converse(dialler, acceptor);
  return { dialler, acceptor };
}

const codes = ({ dialler, acceptor }: { readonly dialler: Party; readonly acceptor: Party }) => [
  dialler.failure?.code,
  acceptor.failure?.code,
];

describe('A handshake', () => {
  it('without a secret is a greeting from each side', () => {
    const { dialler, acceptor } = meet({ role: 'client' }, {});
    expect(acceptor.known).to.deep.include({
      role: 'client',
      cluster: 'spec',
      node: { name: 'dialler', incarnation: 7 },
    });
    expect(dialler.known).to.deep.include({ role: 'node', node: { name: 'acceptor', incarnation: 7 } });
    expect(dialler.written).to.have.length(1);
  });

  it('with a secret is done when both sides have proven that they know it', () => {
    const { dialler, acceptor } = meet({ secret: SECRET }, { secret: SECRET });
    expect(dialler.known?.node.name).to.equal('acceptor');
    expect(acceptor.known?.node.name).to.equal('dialler');
    expect([dialler.written.length, acceptor.written.length]).to.deep.equal([2, 2]);
  });

  it('with another secret fails on both sides, and the side that accepted gives no proof away', () => {
    const parties = meet({ secret: OTHER_SECRET }, { secret: SECRET });
    expect(codes(parties)).to.deep.equal(['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED']);
    expect(parties.acceptor.written.map(({ token }) => token.secondLow)).to.deep.equal([
      WellKnownToken.hello,
      WellKnownToken.unauthorized,
    ]);
  });

  it('fails on both sides with a sentence that says so when only one of them has a secret', () => {
    const without = meet({}, { secret: SECRET });
    expect(codes(without)).to.deep.equal(['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED']);
    expect(without.acceptor.failure?.message).to.contain('this side has a cluster secret, the other side has none');
    const alone = meet({ secret: SECRET }, {});
    expect(codes(alone)).to.deep.equal(['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED']);
    expect(alone.dialler.failure?.message).to.contain('the other side has a cluster secret, this side has none');
  });

  it('takes any secret of a list while one is being replaced, whichever comes first', () => {
    const steps: [string[], string[]][] = [
      [
        ['the new secret of all', SECRET],
        [SECRET, 'the new secret of all'],
      ],
      [[SECRET], [SECRET, 'the new secret of all']],
      [['the new secret of all'], ['the new secret of all', SECRET]],
      [[SECRET], ['the new secret of all', SECRET]],
    ];
    for (const [dialling, accepting] of steps) {
      expect(codes(meet({ secret: dialling }, { secret: accepting }))).to.deep.equal([undefined, undefined]);
    }
    expect(codes(meet({ secret: 'the new secret of all' }, { secret: SECRET }))[1]).to.equal('AUTHENTICATION_FAILED');
  });

  it('is not done by a side that is answered with its own packets', () => {
    const dialler = new Party('dialler', { secret: SECRET });
    for (let sent = 0; sent < dialler.written.length; sent++) dialler.take(dialler.written[sent] as Packet);
    expect(dialler.failure?.code).to.equal('AUTHENTICATION_FAILED');
    expect(dialler.known).to.equal(undefined);
  });

  it('is not done by a stranger who has the one side answer for the other', () => {
    // The stranger greets the acceptor with the acceptor's own words, and hopes to have its own proof sent back for it.
    const acceptor = new Party('acceptor', { secret: SECRET });
    const other = new Party('acceptor', { secret: SECRET, seed: 5 });
    const dialler = new Party('dialler', { secret: SECRET });
    acceptor.take(dialler.written[0] as Packet);
    other.take({ token: HELLO, payload: (acceptor.written[0] as Packet).payload });
    expect(other.written).to.have.length(1);
    dialler.take(other.written[0] as Packet);
    acceptor.take(dialler.written[1] as Packet);
    expect(acceptor.failure?.code).to.equal('AUTHENTICATION_FAILED');
  });

  it('that was recorded is worth nothing to whoever plays it again', () => {
    const { dialler } = meet({ secret: SECRET }, { secret: SECRET });
    const later = new Party('acceptor', { secret: SECRET, seed: 2 });
    for (const packet of dialler.written) later.take(packet);
    expect(later.failure?.code).to.equal('AUTHENTICATION_FAILED');
  });

  it('fails when any bit of a greeting or a proof was changed on the way', () => {
    const lengths = meet({ secret: SECRET }, { secret: SECRET });
    const sides: [HandshakeSide, readonly Packet[]][] = [
      ['dialler', lengths.dialler.written],
      ['acceptor', lengths.acceptor.written],
    ];
    for (const [side, packets] of sides) {
      for (const [number, { payload }] of packets.entries()) {
        for (let bit = 0; bit < payload.length * 8; bit += 3) {
          const [dialler, acceptor] = [
            new Party('dialler', { secret: SECRET }),
            new Party('acceptor', { secret: SECRET }),
          ];
          const sender = side === 'dialler' ? dialler : acceptor;
          converse(dialler, acceptor, (packet, from) => {
            if (from !== sender || packet !== sender.written[number]) return packet;
            const changed = Buffer.from(packet.payload);
            changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
            return { token: packet.token, payload: changed };
          });
          // The side that gave the last proof has nothing more to wait for; the one that it was changed for must not be done.
          const deceived = side === 'dialler' ? acceptor : dialler;
          expect(deceived.known, `bit ${bit} of packet ${number} of the ${side}`).to.equal(undefined);
        }
      }
    }
  });

  it('tells a stranger nothing of the cluster before he has proven himself', () => {
    const asked: string[] = [];
    const refuses = ({ node }: Hello) => {
      asked.push(node.name);
      return 'it was declared dead';
    };
    meet({ secret: OTHER_SECRET }, { secret: SECRET, refuses });
    expect(asked).to.deep.equal([]);
    const { dialler } = meet({ secret: SECRET }, { secret: SECRET, refuses });
    expect(asked).to.deep.equal(['dialler']);
    expect(dialler.failure?.code).to.equal('HANDSHAKE_REFUSED');
    expect(dialler.failure?.message).to.contain('it was declared dead');
  });

  it('with another cluster, another version or no greeting at all is refused on both sides', () => {
    const { dialler, acceptor } = meet({ cluster: 'theirs' }, { cluster: 'ours' });
    expect(codes({ dialler, acceptor })).to.deep.equal(['HANDSHAKE_REFUSED', 'HANDSHAKE_REFUSED']);
    const newer = Buffer.from(dialler.written[0]?.payload as Buffer);
    newer.writeUInt16LE(9, 4);
    newer.writeUInt16LE(7, 6);
    const old = new Party('acceptor');
    old.take({ token: HELLO, payload: newer });
    expect(old.failure?.message).to.contain(
      'the other side speaks versions 7 to 9 of the protocol, this side versions 2 to 3',
    );
    const eager = new Party('acceptor');
    eager.take({ token: wellKnownToken(WellKnownToken.actorMessage), payload: Buffer.from('call me') });
    expect(eager.failure?.message).to.contain('did not greet first');
  });

  it('is refused when the greeting is cut off, or goes on behind its end', () => {
    const [{ payload }] = new Party('dialler', { secret: SECRET }).written as [Packet];
    for (let length = 0; length < payload.length; length++) {
      const acceptor = new Party('acceptor', { secret: SECRET });
      acceptor.take({ token: HELLO, payload: payload.subarray(0, length) });
      expect(acceptor.failure, `of ${length} bytes`).to.not.equal(undefined);
    }
    const acceptor = new Party('acceptor', { secret: SECRET });
    acceptor.take({ token: HELLO, payload: Buffer.concat([payload, Buffer.of(0)]) });
    expect(acceptor.failure?.code).to.equal('MALFORMED_PAYLOAD');
  });

  it('makes one line of what a stranger says', () => {
    const dialler = new Party('dialler');
    dialler.take({
      token: wellKnownToken(WellKnownToken.unauthorized),
      payload: Buffer.from('\u0000no\nFAKE LOG LINE\u001b[31m'),
    });
    expect(dialler.failure?.message).to.contain('The other side says: no\\nFAKE LOG LINE\\u{1b}[31m');
  });
});

describe('A cluster secret', () => {
  it('is refused when it could be guessed, and the refusal does not quote it', () => {
    for (const unusable of ['fifteen bytes..', [], [SECRET, 'short'], '']) {
      expect(() => new ClusterSecret(unusable))
        .to.throw('security.clusterSecret')
        .that.does.not.match(/fifteen bytes\.\.|short'/);
    }
  });
});
