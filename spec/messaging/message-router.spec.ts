import { expect } from 'chai';
import type { Addressing } from '../../lib/addressing/addressing';
import { OBSERVER } from '../../lib/addressing/observer-addressing';
import { STATIC } from '../../lib/addressing/static-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { workerAddressing } from '../../lib/addressing/worker-addressing';
import type { Call } from '../../lib/calls/call';
import { DEFAULT_MESSAGING_OPTIONS } from '../../lib/calls/messaging-options';
import { PendingCalls } from '../../lib/calls/pending-calls';
import { DeliveryPort } from '../../lib/calls/request';
import type { Member } from '../../lib/cluster/membership-store';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import type { Location } from '../../lib/directory/location-cache';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { EnvelopeKind } from '../../lib/messaging/envelope';
import { InProcessNodes } from '../../lib/messaging/in-process-nodes';
import { MessageRouter, type MessageRouterParts } from '../../lib/messaging/message-router';
import { SenderOrder } from '../../lib/ordering/sender-order';
import { CallMaker, localNode, type CallWishes } from '../calls/call-fixture';
import { ManualTime } from '../scheduling/manual-time';
import { sentConnection, serializer, type SentConnection } from './message-fixture';

const path = 'spec/Account/alice';
/** Incarnations are unique in a cluster. */
const at = (name: string, incarnation = Number(name.slice(1))): Location => ({
  node: { name, incarnation },
  address: `${name}:1`,
});
const lost = new MoonpoolError('CONNECTION_LOST', { message: 'it was cut', executed: 'maybe' });

/** Lets promises that are settled be noticed. */
const moment = () => new Promise((done) => setImmediate(done));

describe('The router of messages', () => {
  let router: MessageRouter;
  let maker: CallMaker;
  let pending: PendingCalls;
  let order: SenderOrder;
  /** Actors that are active here; what the cache and the directory say of the others. */
  let here: Set<string>;
  let cached: Map<string, Location>;
  let directory: Location[];
  /** What was done, in order. */
  let log: string[];
  let connections: Map<string, SentConnection>;
  let unreachable: Set<string>;
  let loseConnection: (connection: PacketConnection, error: MoonpoolError) => void;
  let declareDead: (member: Member) => void;

  function connection(name: string): SentConnection {
    const present = connections.get(`${name}:1`) ?? sentConnection(name);
    connections.set(`${name}:1`, present);
    return present;
  }

  function find(): Promise<Location> {
    const [next] = directory.length > 1 ? directory.splice(0, 1) : directory;
    return next === undefined ? Promise.reject(new Error('nowhere')) : Promise.resolve(next);
  }

  function parts(): MessageRouterParts {
    const port = new DeliveryPort('spec');
    port.connect({
      has: (actor) => here.has(actor),
      receive: (request) => {
        log.push(`${request.call} is here`);
        request.reply.value('done', { epoch: 0, turn: 1, version: 0 });
      },
    });
    const known: Partial<MessageRouterParts['known']> = {
      get: (actor) => cached.get(actor),
      find: () => find(),
      findAgain: () => find(),
      place: () => find(),
      said: (location) => location,
      onNotReached: (actor) => void cached.delete(actor),
    };
    const membership: Partial<MessageRouterParts['membership']> = {
      view: { version: 1, members: [] } as unknown as MessageRouterParts['membership']['view'],
      refresh: async () => undefined as never,
      onDeath: (listener: (member: Member) => void) => void (declareDead = listener),
    };
    const transport = {
      peer: (address: string) => ({
        connection: () => {
          const present = connections.get(address);
          if (present !== undefined && !unreachable.has(address)) return present.connection;
          throw new MoonpoolError('NODE_UNREACHABLE', { message: `${address} does not answer` });
        },
      }),
      forget: (address: string) => log.push(`${address} is forgotten`),
      connectionOf: () => undefined,
      onConnectionLost: (listener: typeof loseConnection) => void (loseConnection = listener),
    } as unknown as MessageRouterParts['transport'];
    return {
      local: maker.local,
      port,
      pending,
      order,
      known: known as MessageRouterParts['known'],
      membership: membership as MessageRouterParts['membership'],
      transport,
      serializer,
      options: DEFAULT_MESSAGING_OPTIONS,
      lease: { held: true } as MessageRouterParts['lease'],
      inProcess: new InProcessNodes(),
      references: maker.references,
      limits: { objectionTo: () => undefined } as unknown as MessageRouterParts['limits'],
    };
  }

  beforeEach(() => {
    [here, cached, directory, log] = [new Set(), new Map(), [], []];
    [connections, unreachable] = [new Map(), new Set()];
    maker = new CallMaker(localNode('n1'));
    order = new SenderOrder();
    pending = new PendingCalls(new ManualTime(), { onGone: (call) => order.onGone(call), onMissed: () => undefined });
    maker.onEnd = (call) => pending.remove(call);
    router = new MessageRouter(parts());
  });

  function route(wishes: CallWishes = {}, actor = path): Call {
    const call = maker.make(actor, wishes);
    router.route(call);
    return call;
  }

  const sentTo = (name: string) => connection(name).sent.map(({ correlation }) => correlation);

  it('hands a call to the actor that is active here, and asks nobody', () => {
    here.add(path);
    route();
    expect([log, maker.log]).to.deep.equal([['n1#1:1 is here'], ['1 got done']]);
  });

  it('sends a call where its actor was last known to be, to the very life of that node', () => {
    cached.set(path, at('n2', 7));
    connection('n2');
    const call = route({ args: ['now'] });
    expect(connection('n2').sent).to.have.length(1);
    expect(connection('n2').sent[0]).to.include({ kind: EnvelopeKind.request, incarnation: 7, target: path });
    expect(pending.waitingFor(1, connection('n2').connection)).to.equal(call);
  });

  it('looks for an actor of which nothing is known, while later calls of it wait in their order', async () => {
    directory = [at('n2')];
    connection('n2');
    route();
    route();
    expect(sentTo('n2')).to.deep.equal([]);
    await moment();
    expect(sentTo('n2')).to.deep.equal([1, 2]);
  });

  it('lets later calls follow those under way, whatever is learnt meanwhile', () => {
    cached.set(path, at('n2'));
    connection('n2');
    connection('n3');
    const first = route();
    cached.set(path, at('n3'));
    route();
    expect([sentTo('n2'), sentTo('n3')]).to.deep.equal([[1, 2], []]);
    for (const call of [first, ...pending.sentOn(connection('n2').connection)]) call.failed(new Error('over'));
    route();
    expect(sentTo('n3')).to.deep.equal([3]);
  });

  it('sends a call elsewhere that has not left, as often as it may be forwarded', async () => {
    cached.set(path, at('n2'));
    directory = [at('n3')];
    unreachable.add('n2:1').add('n3:1');
    route();
    for (let round = 0; round < 5; round++) await moment();
    expect(maker.log).to.deep.equal(['1 failed with NODE_UNREACHABLE']);
    expect(cached.has(path)).to.equal(false);

    connection('n4');
    directory = [at('n3'), at('n4')];
    route();
    for (let round = 0; round < 5; round++) await moment();
    expect(sentTo('n4')).to.deep.equal([2]);
  });

  it('sends a rejected call where its actor is said to be, and otherwise looks for it again', async () => {
    connection('n3');
    connection('n4');
    const location = { ...at('n3'), actor: path, activation: 'n3/1' };
    router.sendOn(maker.make(path), { why: 'it is elsewhere', location });
    expect(sentTo('n3')).to.deep.equal([1]);
    pending.waitingFor(1, connection('n3').connection)?.failed(new Error('over'));
    directory = [at('n4')];
    router.sendOn(maker.make(path), { why: 'the node is stopping' });
    await moment();
    expect(sentTo('n4')).to.deep.equal([2]);
  });

  it('notes a rejection, and holds what is called next until what was sent behind it has come back', async () => {
    const { connection: from, sent } = connection('n2');
    connection('n3');
    cached.set(path, at('n2'));
    const [first, second] = [route(), route()];
    const location = { ...at('n3'), actor: path, activation: 'n3/1' };
    const rejection = { why: 'it is elsewhere', location };
    router.noteRejected({ correlation: 1, target: path, rejection, isToBeNoted: true }, from);
    expect(sent.at(-1)).to.include({ kind: EnvelopeKind.noted, target: path });
    for (const call of [first, second]) {
      pending.forgetAnswer(call);
      router.sendOn(call, rejection);
    }
    route();
    await moment();
    expect(sentTo('n3')).to.deep.equal([1, 2, 3]);
  });

  it('ends calls with the connection by which they may have left, and sends the others elsewhere', async () => {
    const batches = sentConnection('n2', { mayHaveLeft: (batch) => batch < 1 });
    connections.set('n2:1', batches);
    connection('n3');
    cached.set(path, at('n2'));
    route();
    Object.assign(batches.connection, { currentBatch: 1 });
    route();
    Object.assign(batches.connection, { isClosed: true });
    directory = [at('n3')];
    loseConnection(batches.connection, lost);
    await moment();
    expect(maker.log).to.deep.equal(['1 failed with CONNECTION_LOST']);
    expect(sentTo('n3')).to.deep.equal([2]);
  });

  it('lets go of the connection to a node that is dead', () => {
    declareDead({ name: 'n2', incarnation: 1, address: 'n2:1' } as Member);
    expect(log).to.deep.equal(['n2:1 is forgotten']);
  });

  it('sends nothing elsewhere that is called by address', async () => {
    const isStatic = { addressing: STATIC };
    route(isStatic, 'spec/Pulse');
    route({ ...isStatic, address: 'n1:1' }, 'spec/Pulse');
    expect(log).to.deep.equal(['n1#1:1 is here', 'n1#1:2 is here']);
    route({ ...isStatic, address: 'n2:1' }, 'spec/Pulse');
    await moment();
    expect(maker.log.at(-1)).to.equal('3 failed with NODE_UNREACHABLE');
    connection('n2');
    route({ ...isStatic, address: 'n2:1' }, 'spec/Pulse');
    expect(connection('n2').sent[0]).to.include({ incarnation: 0 });
  });

  it('tells who calls an observer that its process cannot be reached, or that this is no observer', async () => {
    const observer = { addressing: OBSERVER };
    route(observer, 'spec/Listener/n9#1.0123456789abcdef!1');
    route(observer, 'spec/Listener/nobody');
    await moment();
    expect(maker.log).to.have.members(['1 failed with NODE_UNREACHABLE', '2 failed with NODE_UNREACHABLE']);
  });

  it('has calls of a stateless worker served here, and once they were rejected wherever placement says', async () => {
    const worker = { addressing: workerAddressing() };
    const call = route(worker);
    expect(log).to.deep.equal([`${call.call} is here`]);
    const rejected = maker.make(path, worker);
    rejected.forwards = 1;
    connection('n2');
    directory = [at('n2')];
    router.sendOn(rejected, { why: 'the node is stopping' });
    await moment();
    await moment();
    expect(sentTo('n2')).to.deep.equal([2]);
    // It keeps no order, so nothing follows it.
    expect(order.locationOf(path)).to.equal(undefined);
  });

  it('takes a kind of actor that nobody has told it of: the services of a node, whose key is an address', () => {
    const service: Addressing = {
      ...STATIC,
      hasKey: true,
      isByAddress: false,
      route: (call, routes) => routes.toAddress(call, call.target.key),
    };
    connection('n2');
    route({ addressing: service }, 'spec/Probe/n1:1');
    route({ addressing: service }, 'spec/Probe/n2:1');
    expect(log).to.deep.equal(['n1#1:1 is here']);
    expect(sentTo('n2')).to.deep.equal([2]);
  });

  it('sends messages that nobody waits for as it sends calls, and expects no answer', () => {
    cached.set(path, at('n2'));
    connection('n2');
    route({ expects: 'nothing', addressing: VIRTUAL });
    expect(connection('n2').sent[0]).to.include({ kind: EnvelopeKind.oneWay });
    expect(pending.isWaiting(1)).to.equal(false);
    expect(order.kept.routes).to.equal(0);
  });

  it('tells the node that runs a call when nobody waits for it any more', () => {
    cached.set(path, at('n2'));
    connection('n2');
    const call = route();
    router.cancel(call);
    expect(connection('n2').sent.at(-1)).to.deep.equal({ kind: EnvelopeKind.cancel, correlation: 1 });
  });
});
