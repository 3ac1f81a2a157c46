import { FlowTransport } from 'moonpool/rpc';
import { isMoonpoolError } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { Calculator } from './calculator';

/** A calculator under every fault of the network, asked by several processes at once. */
export class CalculatorSimulation {
  @SimulationTest(100, { nodes: 0, clients: 0, chaos: 'hostile' })
  async everySumIsRightOrItsCallerIsTold(cluster: SimulatedCluster): Promise<void> {
    const server = cluster.host('server');
    let transport = await FlowTransport.listen(server.boot());
    const askers = await Promise.all(
      [1, 2, 3].map((number) => FlowTransport.open(cluster.host(`asker${number}`).boot())),
    );
    const outcomes: string[] = [];
    const ask = async (asker: FlowTransport, number: number): Promise<void> => {
      const calculator = asker.connect(Calculator, server.address);
      for (let a = 0; a < 10; a++) {
        const patient = calculator.$with({ delivery: 'at-least-once', timeoutMs: 60_000, unlessFailedForMs: 3_000 });
        try {
          const product = await (a % 2 === 0 ? patient : calculator.$with({ timeoutMs: 10_000 })).multiply({
            a,
            b: number,
          });
          if (product !== a * number) throw new Error(`${a} * ${number} = ${product}`);
          outcomes.push('ok');
        } catch (error) {
          if (!isMoonpoolError(error)) throw error;
          outcomes.push(error.code);
        }
        const quotient = await patient.divide({ a, b: 0 }).catch((error: unknown) => error);
        if (!isMoonpoolError(quotient) && !(quotient instanceof RangeError))
          throw new Error(`${a} / 0 was answered with ${String(quotient)}`);
        await cluster.sleep(cluster.random.below(500));
      }
    };
    const asked = Promise.all(askers.map((asker, index) => ask(asker, index + 1)));
    await cluster.sleep(300);
    // Nobody serves the calculator while its server starts, and a process that closes breaks what it has not answered.
    transport.serve(new Calculator());
    await cluster.sleep(cluster.random.below(2_000));
    await transport.close();
    await server.crash();
    await cluster.sleep(cluster.random.below(6_000));
    transport = await FlowTransport.listen(server.boot());
    transport.serve(new Calculator());
    await asked;
    await cluster.quiesce();
    await Promise.all(
      askers.map((asker, index) =>
        asker
          .connect(Calculator, server.address)
          .$with({ delivery: 'at-least-once', timeoutMs: 60_000 })
          .add({ a: index, b: 1 }),
      ),
    );
    if (askers.some(({ pendingRequests }) => pendingRequests > 0)) throw new Error('a request waits for ever');
    for (const code of ['ok', 'ENDPOINT_NOT_FOUND', 'NODE_UNREACHABLE', 'CONNECTION_LOST'])
      cluster.sometimes(`a product ended with ${code}`, outcomes.includes(code));
    await Promise.all([...askers, transport].map((each) => each.close()));
  }
}
