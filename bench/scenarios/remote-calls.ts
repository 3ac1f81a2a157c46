import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';
import { FrameStream } from '../frame-echo';
import { inFlight, rate, type Scenario } from '../measurement';

const SEQUENTIAL = 10_000;
const PIPELINED = 60_000;
const KIBIBYTE = 'x'.repeat(1_000);

/** A client of the frame echo: calls by number. */
class EchoClient {
  private readonly waiting = new Map<number, (value: number) => void>();
  private lastId = 0;
  private readonly stream: FrameStream;

  constructor(port: number) {
    this.stream = new FrameStream(connect(port, '127.0.0.1'), (frame) => {
      const { id, value } = frame as { id: number; value: number };
      this.waiting.get(id)?.(value);
      this.waiting.delete(id);
    });
  }

  call(request: object): Promise<number> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.stream.send({ id, args: [request] });
    });
  }
}

async function start(file: string): Promise<{ readonly child: ChildProcess; readonly said: unknown }> {
  const child = fork(join(__dirname, '..', 'processes', file));
  const [said] = (await once(child, 'message')) as [unknown];
  return { child, said };
}

/** Calls between two processes over TCP. */
export async function remoteCalls(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const node = await start('counter-node.js');
  const echoNode = await start('echo-node.js');
  const client = await ActorRuntime.connect({ namespace: 'bench', actors: [Counter] });
  const counter = client.actor(Counter).$on(node.said as string);
  const echo = new EchoClient(echoNode.said as number);
  const pipelined = (width: number, request: { amount: number; note?: string }, size: string): Scenario => ({
    name: `remote-call-pipelined, ${width} in flight, ${size}`,
    unit: 'calls/s',
    target: 0.6,
    subject: () => rate(PIPELINED, () => inFlight(PIPELINED, width, () => counter.deposit(request))),
    baseline: () => rate(PIPELINED, () => inFlight(PIPELINED, width, () => echo.call(request))),
  });
  const scenarios: Scenario[] = [
    {
      name: 'remote-call-seq',
      unit: 'calls/s',
      target: 0.85,
      subject: () => rate(SEQUENTIAL, () => inFlight(SEQUENTIAL, 1, () => counter.deposit({ amount: 1 }))),
      baseline: () => rate(SEQUENTIAL, () => inFlight(SEQUENTIAL, 1, () => echo.call({ amount: 1 }))),
    },
    pipelined(128, { amount: 1 }, 'tiny'),
    pipelined(1_024, { amount: 1 }, 'tiny'),
    pipelined(128, { amount: 1, note: KIBIBYTE }, '1 KiB'),
  ];
  return {
    scenarios,
    async close() {
      await client.shutdown();
      node.child.disconnect();
      echoNode.child.kill();
    },
  };
}
