import { expect } from 'chai';
import { noteSimulationTest } from '../../../lib/metadata/simulation-record';
import { planSimulation } from '../../../lib/simulation/seed-run/simulation-class';
import { refuseUndeclared, type TestProcess } from '../../../lib/simulation/test-runners/undeclared-simulations';
import { unlisted } from '../../scenarios/unlisted';
import { Ledger } from '../cluster/ledger-fixture';

/** A process that ends when it is told to. */
class EndingProcess implements TestProcess {
  exitCode: number | undefined;
  text = '';
  readonly stderr = { write: (text: string) => void (this.text += text) };
  private readonly atExit: (() => void)[] = [];

  constructor(readonly env: TestProcess['env']) {}

  once(_event: 'exit', listener: () => void): void {
    this.atExit.push(listener);
  }

  end(): void {
    for (const listener of this.atExit) listener();
  }
}

/** A class whose test is noted as its decorator does. */
function noted() {
  class Undeclared {
    static readonly actors = [Ledger];
    async holds(): Promise<void> {}
  }
  unlisted(() => noteSimulationTest(Undeclared, { method: 'holds', seeds: 1, options: {}, isStaticMember: false }));
  return Undeclared;
}

describe('A class of simulations that nobody has declared', () => {
  const inNodeTest = (): EndingProcess => new EndingProcess({ NODE_TEST_CONTEXT: 'child-v8' });

  it('fails its file under `node --test`, which would count it as passed', () => {
    const process = inNodeTest();
    refuseUndeclared(process);
    noted();
    process.end();
    expect(process.exitCode).to.equal(1);
    expect(process.text)
      .to.contain('Undeclared with @SimulationTest')
      .and.to.contain('describeSimulation(Undeclared);');
  });

  it('fails nothing when it, or a class that extends it, is declared or run', () => {
    const process = inNodeTest();
    refuseUndeclared(process);
    planSimulation(class Extended extends noted() {});
    process.end();
    expect([process.exitCode, process.text]).to.deep.equal([undefined, '']);
  });

  it('is no matter of other programs, nor are files without such classes', () => {
    const [other, without] = [new EndingProcess({}), inNodeTest()];
    refuseUndeclared(other);
    noted();
    refuseUndeclared(without);
    for (const process of [other, without]) {
      process.end();
      expect([process.exitCode, process.text]).to.deep.equal([undefined, '']);
    }
  });
});
