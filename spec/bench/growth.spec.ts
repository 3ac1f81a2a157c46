import { expect } from 'chai';
import { runBankModel, type BankModelSetting } from '../../bench/growth/bank-model';

const SETTING: BankModelSetting = {
  ...{ nodes: 1, serverProcessors: 64, inFlight: 256, together: 128 },
  ...{ nodeMs: 0.25, hopMs: 0, commitMs: 0.1, syncMs: 0.5, tripMs: 0.1 },
};

describe('The model of a bank on one database', () => {
  it('makes as many transfers as the threads of the nodes can, while the server has processors left', () => {
    const one = runBankModel(SETTING, 1);
    expect(one.throughput).to.be.within(3_900, 4_000);
    expect(one.busy.nodes).to.be.above(0.98);
    expect(runBankModel({ ...SETTING, nodes: 4 }, 1).throughput).to.be.within(15_600, 16_000);
  });

  it('makes as many as the processors of the server can, however many nodes there are', () => {
    for (const nodes of [8, 16]) {
      const { throughput, busy } = runBankModel({ ...SETTING, nodes, serverProcessors: 2 }, 1);
      expect(throughput).to.be.within(9_500, 10_500);
      expect(busy.server).to.be.above(0.98);
    }
  });

  it('is slowed by nothing but a round trip and a sync when one transfer is under way', () => {
    const { throughput } = runBankModel({ ...SETTING, inFlight: 1 }, 1);
    // A turn, two ways, a commit, a sync; the second commit may be in the way.
    expect(throughput).to.be.within(550, 1_050);
  });
});
