import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  Handler,
  Logger,
  memory,
  namedStorage,
  Persist,
  type ActorClass,
  type ActorState,
  type ContainerModule,
} from 'moonpool';
import { HeldStorage } from '../persistence/held-storage';

class Spots {
  taken = 0;
}
@Actor({ name: 'Garage' })
class Garage {
  @Persist(Spots) readonly spots!: ActorState<Spots>;
  @Handler() async look(): Promise<void> {}
}
@Actor({ name: 'Annex' })
class Annex {
  @Persist(Spots, { storage: 'archive' }) readonly spots!: ActorState<Spots>;
  @Handler() async look(): Promise<void> {}
}
@Actor({ name: 'Pricer' })
class Pricer {
  @Handler() async look(): Promise<void> {}
}

describe('States of which nobody has said where they are kept', () => {
  async function toldOf(actors: readonly ActorClass[], ...modules: readonly ContainerModule[]): Promise<string> {
    const lines: string[] = [];
    const note = (message: string) => void lines.push(message);
    const log: ContainerModule = {
      name: 'log',
      load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: note, error: note }),
    };
    const node = await ActorRuntime.start({ namespace: 'spec', name: 'n1', actors, modules: [log, ...modules] });
    await node.shutdown();
    return lines.join('\n');
  }

  it('are in memory, which the log tells when the node starts', async () => {
    expect(await toldOf([Pricer, Garage]))
      .to.contain('no store was chosen')
      .and.to.contain('(Garage)')
      .and.to.contain('sqlite({ file })');
  });

  it('are told of neither where a store was chosen, were it memory, nor where there are none', async () => {
    const archive = namedStorage('archive', memory());
    for (const told of [
      await toldOf([Garage], memory()),
      await toldOf([Garage], new HeldStorage().module),
      await toldOf([Annex, Pricer], archive),
    ])
      expect(told).to.equal('');
  });
});
