import { ActorRuntime, sqlite } from 'moonpool';
import { FrameClient } from '../baselines/frame-echo';
import { Counter } from '../counter';
import { startChild } from '../processes/child';
import { perSecond, type Contestant, type Scenario } from '../scenario';
import { ScratchFolder } from '../scratch-folder';

const SEQUENTIAL_CALLS = 20_000;
const PIPELINED_CALLS = 100_000;
const KIBIBYTE = 'x'.repeat(1_024);

type Payload = 'tiny' | '1 KiB';
type Route = 'TCP' | 'a Unix socket';

/** Makes so many calls, so many of them in flight at a time. */
async function pipeline(calls: number, inFlight: number, call: () => Promise<unknown>): Promise<void> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

/** Calls from a client in this process to an actor on a node in another one. */
export function remoteCalls(inFlight: number, payload: Payload, target: number, route: Route = 'TCP'): Scenario {
  const calls = inFlight === 1 ? SEQUENTIAL_CALLS : PIPELINED_CALLS;
  const shape = inFlight === 1 ? 'seq' : `pipelined-${inFlight}`;
  return {
    name: `remote-call-${shape}${payload === 'tiny' ? '' : '-1kib'}${route === 'TCP' ? '' : '-unix'}`,
    what: `calls to another process over ${route}, ${inFlight} in flight, payload ${payload}`,
    unit: 'calls/s',
    target,
    async open(): Promise<Contestant> {
      const folder = new ScratchFolder();
      const database = folder.file('bench.db');
      const localSocketFolder = route === 'TCP' ? undefined : folder.path;
      const other = await startChild(
        'other-side',
        'node',
        database,
        ...(localSocketFolder === undefined ? [] : [localSocketFolder]),
      );
      const client = await ActorRuntime.connect({
        namespace: 'bench',
        actors: [Counter],
        modules: [sqlite({ file: database })],
        transport: { localSocketFolder },
      });
      const reference = client.actor(Counter, 'one');
      const call = payload === 'tiny' ? () => reference.add({ amount: 1 }) : () => reference.echo(KIBIBYTE);
      return {
        run: () => perSecond(calls, () => pipeline(calls, inFlight, call)),
        async close(): Promise<void> {
          await client.shutdown();
          await other.close();
          folder.remove();
        },
      };
    },
    baseline: {
      name: 'tick-batched frame echo',
      async open(): Promise<Contestant> {
        const folder = new ScratchFolder();
        const other = await startChild('other-side', 'echo', ...(route === 'TCP' ? [] : [folder.file('echo.sock')]));
        const client = await FrameClient.connect(other.said as string | number);
        const call = payload === 'tiny' ? () => client.call({ amount: 1 }) : () => client.call({ text: KIBIBYTE });
        return {
          run: () => perSecond(calls, () => pipeline(calls, inFlight, call)),
          async close(): Promise<void> {
            client.close();
            await other.close();
            folder.remove();
          },
        };
      },
    },
  };
}
