import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { PeerProbes, type PeerProbesParts } from '../../lib/cluster/peer-probes';
import { Reach } from '../../lib/cluster/reach';
import { Deferred } from '../../lib/concurrency/deferred';
import type { TimeProvider } from '../../lib/providers/time-provider';
import type { ProbeAnswer } from '../../lib/services/probe-service';

const memberOf = (incarnation: number): Member => ({
  ...{ name: `n${incarnation}`, incarnation, address: `a:${incarnation}`, actorTypes: [] },
  ...{ status: 'active', leaseCounter: 0, load: 0 },
});

describe('Members', () => {
  const [self, other] = [memberOf(1), memberOf(2)];
  let now: number;
  let due: (() => void)[];
  let asked: Deferred<ProbeAnswer>[];
  let reach: Reach;

  const probesOf = (isShared: boolean, isolationMs: number): PeerProbes => {
    const time: Partial<TimeProvider> = {
      now: () => now,
      schedule: (_ms, callback) => {
        due.push(callback);
        return { cancel: () => (due = []) } as unknown as ReturnType<TimeProvider['schedule']>;
      },
    };
    reach = new Reach(time as TimeProvider, isolationMs);
    const parts = {
      membership: { isShared, view: { version: 1, members: [self, other] } },
      endpoints: {
        connect: () => ({
          $with: () => ({
            probe: () => {
              const answer = new Deferred<ProbeAnswer>();
              asked.push(answer);
              return answer.promise;
            },
          }),
        }),
      },
      ...{ local: { role: 'node', node: self }, time, reach },
    };
    return new PeerProbes(parts as unknown as PeerProbesParts);
  };
  /** The next question is due. */
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    for (const fire of due.splice(0)) fire();
    await Promise.resolve();
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    [now, due, asked] = [1_000, [], []];
  });

  it('are asked three times in the time after which they count as out of reach, and a late answer counts too', async () => {
    probesOf(true, 300).start();
    for (let question = 0; question < 4; question++) await pass(100);
    expect([asked.length, reach.report.unreached]).to.deep.equal([5, [2]]);
    asked[1]?.resolve({ node: 'n2#2', role: 'node' });
    await settled();
    expect(reach.report.doubted).to.deep.equal([]);
  });

  it('are out of reach when there is another process at their address, or an error', async () => {
    probesOf(true, 300).start();
    for (let question = 0; question < 4; question++) await pass(100);
    asked[3]?.resolve({ node: 'n2#7', role: 'node' });
    asked[4]?.reject(new Error('no'));
    await settled();
    expect(reach.report.unreached).to.deep.equal([2]);
  });

  it('are not out of reach for the time in which this process stood still, and could hear nobody', async () => {
    probesOf(true, 300).start();
    await pass(5_000);
    expect(reach.report.doubted).to.deep.equal([]);
  });

  it('are not asked any more when the node ends, nor where all live in one process, nor where nobody is to give up', async () => {
    const probes = probesOf(true, 300);
    probes.start();
    probes.stop();
    await pass(100);
    probesOf(false, 300).start();
    probesOf(true, 0).start();
    await pass(100);
    expect(asked).to.have.length(1);
  });
});
