import { expect } from 'chai';
import { Actor } from '../../decorators/actor';
import { Handler } from '../../decorators/handler';
import { inject } from '../../decorators/inject';
import { ActorRuntime } from '../../lib/runtime/actor-runtime';
import type { LocalHandle } from '../../lib/local-actors/local-handle';
import { LocalSystem } from '../../lib/local-system/local-system';

const said: string[] = [];

/** Hands its work to a local actor of its node. */
@Actor({ name: 'Clerk' })
class Clerk {
  private readonly press: LocalHandle<string, number>;

  constructor(@inject(LocalSystem) locals: LocalSystem) {
    this.press = locals.spawn<string, number>(() => ({ receive: (text) => said.push(text) }), { name: 'press' });
  }

  @Handler() async print(text: string): Promise<number> {
    return this.press.request(text);
  }

  async onDeactivate(): Promise<void> {
    await this.press.send('last');
  }
}

describe('The local actors of a runtime', () => {
  it('are there for its actors, and end after them', async () => {
    const runtime = await ActorRuntime.start({ namespace: 'spec', actors: [Clerk] });
    const system = runtime.service(LocalSystem);
    expect(await runtime.actor(Clerk, 'a').print('first')).to.equal(1);
    expect(system.names).to.deep.equal(['press']);
    await runtime.shutdown();
    expect(said).to.deep.equal(['first', 'last']);
    expect(system.names).to.deep.equal([]);
  });
});
