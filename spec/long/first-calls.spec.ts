import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  sqlite,
  type ContainerModule,
} from 'moonpool';

@Actor({ name: 'Desk' })
class Desk {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async serve(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async sleep(ms: number): Promise<void> {
    await sleep(ms);
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ROUNDS = 6;
const CLIENTS = 6;
/** A shutdown of an idle node takes a few milliseconds; one that waits for a turn takes as long as that. */
const TURN_MS = 40;

describe('The first calls of clients, while one of two nodes ends', function () {
  this.timeout(120_000);

  it('go to the one that stays, whenever they come', async () => {
    const failures: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
      const common = {
        namespace: 'spec',
        actors: [Desk],
        modules: [sqlite({ file: join(folder, 'store.db') }), silent],
        inProcess: false,
      };
      const leaving = await ActorRuntime.start({ ...common, name: 'leaving' });
      const staying = await ActorRuntime.start({ ...common, name: 'staying' });
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, (_, index) => ActorRuntime.connect({ ...common, name: `c${index}` })),
      );
      const isBusy = round % 2 === 0;
      if (isBusy)
        void leaving
          .actor(Desk, 'busy')
          .sleep(TURN_MS)
          .catch(() => undefined);
      const ended = leaving.shutdown();
      await Promise.all(
        clients.map(async (client, index) => {
          // Spread over the shutdown and a little beyond it, differently in each round.
          await sleep(((index + round / ROUNDS) / CLIENTS) * (isBusy ? TURN_MS * 2 : 16));
          await client
            .actor(Desk, `d${index}`)
            .serve()
            .catch((error: unknown) =>
              failures.push(
                isMoonpoolError(error) ? `${error.code}/${error.executed}: ${error.detail}` : String(error),
              ),
            );
        }),
      );
      await ended;
      for (const runtime of [...clients, staying]) await runtime.shutdown();
      rmSync(folder, { recursive: true });
    }
    expect(failures).to.deep.equal([]);
  });
});
