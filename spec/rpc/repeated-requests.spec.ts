import { expect } from 'chai';
import { RepeatedRequests, type RepeatedRequestsParts } from '../../lib/rpc/repeated-requests';
import type { ReplyFuture } from '../../lib/rpc/reply-future';
import { ManualTimers } from '../scheduling/manual-timers';

const futureTo = (address: string, correlation: number, unlessFailedForMs = 1_000): ReplyFuture =>
  ({
    ...{ correlation, connection: undefined, isOpen: true, executed: 'no', describe: () => `request ${correlation}` },
    parts: { endpoint: { address }, unlessFailedForMs },
  }) as unknown as ReplyFuture;

describe('Requests that are repeated', () => {
  let time: ManualTimers;
  let open: ReplyFuture[];
  let log: string[];
  let failedSince: number | undefined;
  let repeated: RepeatedRequests;

  beforeEach(() => {
    [time, open, log, failedSince] = [new ManualTimers(), [], [], undefined];
    repeated = new RepeatedRequests({
      transport: {
        peer: () => ({
          retryInMs: 0,
          get failedSince() {
            return failedSince;
          },
        }),
      },
      ...{ time, open: () => open },
      transmit: ({ correlation }: ReplyFuture) => log.push(`${correlation} is sent`),
      fail: ({ correlation }: ReplyFuture, { code }: { readonly code: string }) => log.push(`${correlation} ${code}`),
    } as unknown as RepeatedRequestsParts);
  });

  it('are sent in the order in which they were made, those of each address at one moment', () => {
    open = [futureTo('a:1', 2), futureTo('a:1', 1), futureTo('b:1', 3)];
    for (const future of open) repeated.repeatLater(future, 'lost', 10);
    expect(time.timers).to.equal(2);
    time.pass(10);
    expect(log).to.deep.equal(['1 is sent', '2 is sent', '3 is sent']);
  });

  it('are given up when their address was out of reach for too long', () => {
    time.at = 5_000;
    failedSince = 4_000;
    repeated.repeatLater(futureTo('a:1', 1), 'lost');
    repeated.repeatLater(futureTo('a:1', 2, 1_001), 'lost');
    expect([log, time.timers]).to.deep.equal([['1 NODE_UNREACHABLE'], 1]);
  });

  it('are repeated no more when their process ends', () => {
    open = [futureTo('a:1', 1)];
    repeated.repeatLater(open[0] as ReplyFuture, 'lost', 10);
    repeated.stop();
    expect(time.timers).to.equal(0);
  });
});
