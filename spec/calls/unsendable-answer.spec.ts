import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory, type ActorReference } from 'moonpool';

@Actor({ name: 'Oracle' })
class Oracle {
  private turns = 0;

  @Handler() async riddle(): Promise<unknown> {
    this.turns++;
    return { deep: [() => 42] };
  }
  @Handler() async tome(): Promise<string> {
    this.turns++;
    return 'x'.repeat(2_000_000);
  }
  @Handler() async turnsHad(): Promise<number> {
    return this.turns;
  }
}

describe('An answer that cannot be given', () => {
  let runtimes: ActorRuntime[] = [];

  /** An actor on the caller's node, on another node of the process, and behind TCP. */
  async function oracle(route: string): Promise<ActorReference<Oracle>> {
    const parts = { namespace: 'spec', actors: [Oracle], modules: [memory()], inProcess: route !== 'over TCP' };
    const node = await ActorRuntime.start({ ...parts, name: 'n1' });
    const caller = route === 'on one node' ? node : await ActorRuntime.connect(parts);
    runtimes = [...new Set([caller, node])];
    return caller.actor(Oracle, 'delphi');
  }
  afterEach(async () => {
    for (const runtime of runtimes.splice(0)) await runtime.shutdown();
  });

  for (const route of ['on one node', 'in one process', 'over TCP']) {
    it(`${route} says that the turn ran, for it did`, async () => {
      const delphi = await oracle(route);
      const error = await delphi.riddle().catch((failure: unknown) => failure);
      expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
      expect((error as Error).message)
        .to.contain('riddle of spec/Oracle/delphi')
        .and.to.contain('function');
      expect(await delphi.turnsHad()).to.equal(1);
    });
  }

  it('because it is too large says so, and that the turn ran', async () => {
    const delphi = await oracle('over TCP');
    expect(await delphi.tome().catch((failure: unknown) => failure)).to.include({
      code: 'PACKET_TOO_LARGE',
      executed: 'yes',
    });
    expect(await delphi.turnsHad()).to.equal(1);
  });
});
