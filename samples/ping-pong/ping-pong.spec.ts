import { FlowTransport } from 'moonpool/rpc';
import { isMoonpoolError } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { answerPings, PING } from './ping-pong';

const PINGS = 30;

/** Pings under every fault of the network, while their server dies and comes back. */
export class PingPongSimulation {
  @SimulationTest(100, { nodes: 0, clients: 0, chaos: 'hostile' })
  async noPingIsAnsweredTwiceOrByAnother(cluster: SimulatedCluster): Promise<void> {
    const [server, asker] = [cluster.host('server'), cluster.host('asker')];
    const handled = new Map<number, number>();
    const serve = async (): Promise<FlowTransport> => {
      const transport = await FlowTransport.listen(server.boot());
      answerPings(transport, ({ sequence }) => handled.set(sequence, (handled.get(sequence) ?? 0) + 1));
      return transport;
    };
    await serve();
    const transport = await FlowTransport.open(asker.boot());
    const outcomes = new Map<number, string>();
    const waits: Promise<void>[] = [];
    for (let sequence = 1; sequence <= PINGS; sequence++) {
      if (sequence === cluster.random.below(PINGS)) {
        await server.crash(cluster.random.below(2) === 0 ? 'power' : 'process');
        await cluster.sleep(cluster.random.below(2_000));
        await serve();
      }
      if (cluster.random.below(10) === 0) cluster.partition(asker, server, cluster.random.below(5_000));
      const repeats = sequence % 2 === 1;
      const asked = transport.request<string>(
        { address: server.address, token: PING },
        { sequence },
        repeats ? { delivery: 'at-least-once', timeoutMs: 300_000 } : { timeoutMs: 20_000 },
      );
      const end = (outcome: string): void => {
        if (outcomes.has(sequence)) throw new Error(`ping ${sequence} ended twice`);
        outcomes.set(sequence, outcome);
      };
      waits.push(
        asked.then(end, (error: unknown) =>
          end(isMoonpoolError(error) ? `${error.code} ${error.executed}` : String(error)),
        ),
      );
      await cluster.sleep(cluster.random.below(300));
    }
    await cluster.quiesce();
    await Promise.all(waits);
    for (const [sequence, outcome] of outcomes) {
      const times = handled.get(sequence) ?? 0;
      const repeats = sequence % 2 === 1;
      if (outcome.startsWith('pong') && (outcome !== `pong ${sequence}` || times === 0))
        throw new Error(`ping ${sequence} got a phantom reply: ${outcome}`);
      if (outcome.endsWith(' no') && times > 0)
        throw new Error(`ping ${sequence} was handled, and its caller learned that it was not: ${outcome}`);
      if (!repeats && times > 1) throw new Error(`ping ${sequence} was sent once and handled ${times} times`);
      if (repeats && !outcome.startsWith('pong'))
        throw new Error(`ping ${sequence} was to be repeated until it is answered: ${outcome}`);
      if (sequence % 10 === 0 && outcome.startsWith('pong'))
        throw new Error(`ping ${sequence} was never answered, and its promise was kept`);
    }
    if (outcomes.size !== PINGS || transport.pendingRequests !== 0)
      throw new Error(`${PINGS} pings had ${outcomes.size} ends`);
    const seen = [...outcomes.values()];
    cluster.sometimes(
      'a ping was handled twice',
      [...handled.values()].some((times) => times > 1),
    );
    cluster.sometimes('a promise was broken', seen.includes('BROKEN_PROMISE maybe'));
    cluster.sometimes('a ping was lost on its way', seen.includes('CONNECTION_LOST maybe'));
    cluster.sometimes('a ping did not leave', seen.includes('NODE_UNREACHABLE no'));
    await transport.close();
  }
}
