import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  Handler,
  isMoonpoolError,
  Logger,
  memory,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { isVisible } from '../../lib/errors/outside-text';
import { Uid } from '../../lib/identity/uid';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { EnvelopeKind } from '../../lib/messaging/envelope';
import { writeRejection, writeRequest } from '../../lib/messaging/envelope-writer';
import { ACTOR_MESSAGE } from '../../lib/messaging/sent-messages';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import type { SecurityOptions } from '../../lib/handshake/security-options';
import { Transport } from '../../lib/transport/transport';
import { Authority } from '../providers/node/certificates';
import { eventually } from '../activation/cluster-fixture';

@Actor({ name: 'Greeter' })
class Greeter {
  @Handler() async greet(): Promise<string> {
    return 'hello';
  }
}

const SECRET = 'a secret of the cluster';
const logged: string[] = [];
const note = (message: string, detail?: unknown): void =>
  void logged.push(`${message}: ${detail instanceof Error ? detail.message : JSON.stringify(detail ?? {})}`);
const quiet: ContainerModule = {
  name: 'quiet-log',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: note, error: note }),
};

/** A node and a client with options of their own, in one cluster; both are ended after the body. */
async function withCluster(
  node: Partial<StartOptions>,
  client: SecurityOptions,
  body: (node: ActorRuntime, client: ActorRuntime) => Promise<void>,
): Promise<void> {
  // In one process calls would go from object to object, and nobody would have to prove anything.
  const common = { namespace: 'security', actors: [Greeter], modules: [memory(), quiet], inProcess: false };
  const started = await ActorRuntime.start({ ...common, name: 'n1', ...node });
  const connected = await ActorRuntime.connect({ ...common, security: client, messaging: { callTimeoutMs: 1_000 } });
  try {
    await body(started, connected);
  } finally {
    await connected.shutdown();
    await started.shutdown();
  }
}

async function failureOf(work: Promise<unknown>): Promise<readonly string[]> {
  const codes: string[] = [];
  let error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  for (; isMoonpoolError(error); error = error.cause) codes.push(error.code);
  return codes;
}

describe('A cluster that is protected', () => {
  beforeEach(() => logged.splice(0));

  it('serves clients that know its secret', () =>
    withCluster(
      { security: { clusterSecret: SECRET } },
      { clusterSecret: ['the next secret of all', SECRET] },
      async () => undefined,
    ).then(() =>
      withCluster(
        { security: { clusterSecret: ['the next secret of all', SECRET] } },
        { clusterSecret: SECRET },
        async (_, client) => {
          expect(await client.actor(Greeter, 'a').greet()).to.equal('hello');
        },
      ),
    ));

  it('serves nobody else, and says why', async () => {
    await withCluster(
      { security: { clusterSecret: SECRET } },
      { clusterSecret: 'another secret, also long' },
      async (_, client) => {
        expect(await failureOf(client.actor(Greeter, 'a').greet())).to.include('AUTHENTICATION_FAILED');
      },
    );
    await withCluster({ security: { clusterSecret: SECRET } }, {}, async (_, client) => {
      expect(await failureOf(client.actor(Greeter, 'a').greet())).to.include('AUTHENTICATION_FAILED');
    });
  });

  it('counts and logs who did not get in, once for each host and second', async () => {
    const tls = await (await Authority.found('ours')).issue();
    const stranger = { ...(await (await Authority.found('theirs')).issue()), ca: tls.ca };
    const without = 'a connection was refused, for it did not prove that it belongs to the cluster';
    const attempts: readonly (readonly [SecurityOptions, SecurityOptions, string])[] = [
      [{ clusterSecret: SECRET }, { clusterSecret: 'another secret, also long' }, without],
      [{ clusterSecret: SECRET }, {}, without],
      [{}, { clusterSecret: SECRET }, without],
      [{ tls }, { tls: stranger }, without],
    ];
    for (const [ofNode, ofClient, kind] of attempts) {
      logged.splice(0);
      await withCluster({ security: ofNode }, ofClient, async (node, client) => {
        for (let attempt = 0; attempt < 3; attempt++) await failureOf(client.actor(Greeter, 'a').greet());
        const counted = (): number =>
          Number((node.inspect()['refusals'] as Readonly<Record<string, number>>)[kind] ?? 0);
        await eventually(() => counted() > 0);
        expect(
          logged.filter((line) => line.startsWith(kind)),
          logged.join(' | '),
        ).to.have.length(1);
      });
    }
  });

  it('talks TLS when it is told to, with a secret or without', async () => {
    const tls = await (await Authority.found('ours')).issue();
    const stranger = { ...(await (await Authority.found('theirs')).issue()), ca: tls.ca };
    for (const secret of [{}, { clusterSecret: SECRET }]) {
      await withCluster({ security: { tls, ...secret } }, { tls, ...secret }, async (_, client) => {
        expect(await client.actor(Greeter, 'a').greet()).to.equal('hello');
      });
    }
    await withCluster({ security: { tls } }, { tls: stranger }, async (_, client) => {
      expect(await failureOf(client.actor(Greeter, 'a').greet())).to.include('TLS_FAILED');
    });
    await withCluster(
      { security: { tls } },
      { tls: { ...tls, serverName: 'elsewhere.example' } },
      async (_, client) => {
        // What has to be done is said by the certificates, and not by the death of the node.
        const said = await client
          .actor(Greeter, 'a')
          .greet()
          .catch((error: unknown) => String(error));
        expect(said).to.match(/\(TLS_FAILED: .*made out to another name.*made out to the address or to `serverName`/s);
      },
    );
    await withCluster({ security: { tls } }, {}, async (_, client) => {
      const said = await client.actor(Greeter, 'a').greet().catch(String);
      expect(said).to.match(/closed it before it said who it is, as it does when it speaks TLS and this side does not/);
    });
    await withCluster({}, { tls }, async (_, client) => {
      expect(await failureOf(client.actor(Greeter, 'a').greet())).to.include('TLS_FAILED');
    });
  });

  it('does not listen where others can connect, unless it is protected or told to', async () => {
    const start = (security: SecurityOptions) =>
      ActorRuntime.start({
        namespace: 'security',
        actors: [Greeter],
        modules: [memory(), quiet],
        listen: '0.0.0.0:0',
        advertise: '127.0.0.1',
        security,
      });
    expect(await failureOf(start({}))).to.deep.equal(['UNPROTECTED_ADDRESS']);
    const tls = await (await Authority.found('ours')).issue();
    for (const security of [{ clusterSecret: SECRET }, { tls }, { insecure: true }]) {
      const node = await start(security);
      expect(node.address).to.match(/^127\.0\.0\.1:\d+$/);
      await node.shutdown();
    }
  });

  it('refuses options of security that cannot work before anything starts', async () => {
    const start = (security: object) =>
      ActorRuntime.start({ namespace: 'security', actors: [Greeter], modules: [memory(), quiet], security });
    const wrong = [
      { clusterSecret: 'short' },
      { clusterSecret: 7 },
      { secret: SECRET },
      { tls: { key: 'k', cert: 'c', ca: 'a' } },
      { tls: 'yes' },
      { insecure: 'true' },
    ];
    for (const security of wrong)
      expect(await failureOf(start(security)), JSON.stringify(security)).to.deep.equal(['INVALID_OPTION']);
  });
});

describe('A client that does what only nodes may do', () => {
  beforeEach(() => logged.splice(0));

  it('is answered that it may not, which is counted and logged once in a second', () =>
    withCluster({}, {}, async (node, client) => {
      const token = wellKnownToken(20);
      const received: string[] = [];
      node.service(Transport).endpoints.register(token, (payload) => received.push(payload.toString()), 'nodes');
      const connection = client.service(Transport).peer(node.address).connection();
      for (let number = 0; number < 3; number++) {
        connection.begin(token).text('I am a member');
        connection.end();
      }
      await eventually(
        () =>
          logged.some((line) => line.includes('by the other side')) &&
          node.service(Transport).describe().forbidden === 3,
      );
      expect(received).to.deep.equal([]);
      expect(
        logged.filter((line) => line.startsWith('a packet was refused:') && line.includes('ROLE_FORBIDDEN')),
      ).to.have.length(1);
      expect(logged.find((line) => line.includes('by the other side'))).to.contain(
        'n1 does not take packets of this process for the endpoint ffffffffffffffff0000000000000014',
      );
    }));

  it('fills no log, whatever it sends and however much of that', () =>
    withCluster({}, {}, async (node, client) => {
      const connection = client.service(Transport).peer(node.address).connection();
      const send = (token: Uid, payload: Buffer): void => {
        connection.begin(token).bytes(payload);
        connection.end();
      };
      const bad = Buffer.concat([
        Buffer.of(EnvelopeKind.request),
        Buffer.alloc(8),
        Buffer.from('\u001b[2K\n2026 moonpool warn: forged\u202e'.repeat(30)),
      ]);
      const late = Buffer.concat([Buffer.of(EnvelopeKind.cancel), Buffer.alloc(8), Buffer.alloc(2)]);
      for (let number = 0; number < 2_000; number++) {
        send(new Uid(number, 7, 7, 7), Buffer.from('nobody serves this'));
        send(ACTOR_MESSAGE, bad);
        send(ACTOR_MESSAGE, late);
      }
      const told = () => node.inspect()['refusals'] as Record<string, number>;
      await eventually(() => told()['an actor message could not be read'] === 2_000);
      expect(told()['a packet came for an endpoint that does not exist']).to.equal(2_000);
      expect(logged.length, logged.join('\n')).to.be.at.most(8);
      expect(
        logged.every((line) => isVisible(line) && line.length < 1_000),
        logged.join('\n'),
      ).to.equal(true);
    }));

  it('cannot tell a node where actors are, nor pass requests on', () =>
    withCluster({}, {}, async (node, client) => {
      const connection = client.service(Transport).peer(node.address).connection();
      const location = {
        actor: 'security/Greeter/a',
        activation: 'x',
        node: { name: 'evil', incarnation: 1 },
        address: '127.0.0.1:9',
      };
      writeRejection(
        1,
        'security/Greeter/a',
        { why: 'it is at my place', location },
        false,
        connection.begin(ACTOR_MESSAGE),
      );
      connection.end();
      const forwarded = {
        kind: EnvelopeKind.oneWay,
        correlation: 2,
        incarnation: 0,
        deadline: 1_000,
        target: 'security/Greeter/a',
        method: 'greet',
        chain: [],
        values: undefined,
        isCancellable: false,
        isAnsweredOnArrival: false,
        hops: 1,
        args: [],
      };
      writeRequest(forwarded, new JsonSerializer(), connection.begin(ACTOR_MESSAGE));
      connection.end();
      await eventually(() => node.service(Transport).describe().forbidden === 2);
      expect(node.inspect()['locations']).to.include({ known: 0 });
      expect(await client.actor(Greeter, 'a').greet()).to.equal('hello');
    }));
});
