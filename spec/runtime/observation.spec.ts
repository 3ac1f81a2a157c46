import { expect } from 'chai';
import type { ActorReference, LogFields } from 'moonpool';
import { Observation } from '../../lib/runtime/observation';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { eventually } from '../activation/cluster-fixture';

describe('A subscription that cannot be renewed', () => {
  it('is tried again until it can, and said once, and so is its return', async () => {
    const lines: string[] = [];
    const write = (message: string, fields: LogFields = {}): void =>
      void lines.push(`${message} ${String(fields['attempts'] ?? fields['why'])}`);
    let attempts = 0;
    const subscribe = async (): Promise<void> => {
      attempts++;
      if (attempts > 1 && attempts < 6) throw new Error('nobody is there');
    };
    const parts = {
      time: new NodeTimeProvider(),
      logger: { info: write, warn: write, error: write },
      renewMs: 1,
      onEnded: () => undefined,
    };
    const reference = { $id: { path: 'spec/Listener/l' } } as unknown as ActorReference<object>;
    const observation = new Observation(reference, subscribe, parts);
    await observation.begin();
    await eventually(() => attempts > 7);
    await observation.end();
    const ended = attempts;
    expect(lines).to.deep.equal([
      'a subscription could not be renewed; it is tried again until it can nobody is there',
      'a subscription is renewed again 4',
    ]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(attempts).to.equal(ended);
  });
});
