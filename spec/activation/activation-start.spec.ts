import { expect } from 'chai';
import { Actor, Handler } from 'moonpool';
import { ClusterFixture, codeOf } from './cluster-fixture';

@Actor({ name: 'Closed' })
class Closed {
  onActivate(): void {
    throw new Error('still closed');
  }
  @Handler() async enter(): Promise<void> {}
}

describe('Activations that fail', () => {
  const cluster = new ClusterFixture([Closed]);
  after(() => cluster.shutdown());

  it('are few lines of the log, however many actors are called, and each caller is told', async () => {
    const node = await cluster.node();
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => codeOf(node.actor(Closed, `c${index}`).enter())),
    );
    expect(new Set(codes)).to.deep.equal(new Set(['ACTIVATION_FAILED']));
    await cluster.shutdown();
    const lines = cluster.said('an activation failed');
    expect(lines[0]).to.deep.include({
      level: 'error',
      message: 'an activation failed: Error: still closed',
      fields: { actor: 'spec/Closed/c0' },
    });
    expect(lines).to.have.length.within(2, 25);
    expect(lines.at(-1)).to.have.property('message', 'an activation failed, by many others');
  });
});
