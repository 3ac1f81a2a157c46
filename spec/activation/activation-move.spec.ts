import { expect } from 'chai';
import type { OnMigrate } from 'moonpool';
import { ActivationMove, type ActivationMoveParts } from '../../lib/activation/activation-move';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { ActorId } from '../../lib/identity/actor-id';
import type { RefusalDetails } from '../../lib/observability/refusal-log';

class Plain {}

class Remembering implements OnMigrate<number> {
  onDehydrate(): number {
    return 1;
  }
  onRehydrate(): void {}
}

describe('A move that does not succeed', () => {
  const outcomes = { value: 0 };

  /** What is said of an actor for which there is no node. */
  async function saidOf(instance: object): Promise<{ readonly hasLost: boolean; readonly said: readonly unknown[] }> {
    const said: unknown[] = [];
    const none = (): never => {
      throw new MoonpoolError('NO_NODE_AVAILABLE', { message: 'There is no other node' });
    };
    const parts = {
      destinations: { of: none },
      counters: { migrated: { of: () => outcomes } },
      events: { enabled: false },
      refusals: {
        note: (_kind: string, _source: unknown, details: () => RefusalDetails) => {
          const { actor, error } = details().fields ?? {};
          said.push([actor, error]);
        },
      },
    } as unknown as ActivationMoveParts;
    const activation = {
      target: ActorId.parse('spec/Mover/m'),
      id: 'a',
      isOver: false,
      instance,
    } as unknown as Parameters<ActivationMove['prepare']>[0];
    const move = new ActivationMove(undefined);
    await move.prepare(activation, parts);
    expect(await move.handOver(activation, parts, true)).to.equal(undefined);
    return { hasLost: move.hasLost, said };
  }

  it('is told of where something in memory is lost with it, and counted in any case', async () => {
    expect(await saidOf(new Remembering())).to.deep.equal({
      hasLost: true,
      said: [['spec/Mover/m', 'There is no other node']],
    });
    expect(await saidOf(new Plain())).to.deep.equal({ hasLost: false, said: [] });
    expect(outcomes.value).to.equal(2);
  });
});
