import { expect } from 'chai';
import type { Invocation } from '../../lib/calls/invocation';
import { DroppedMessages } from '../../lib/messaging/dropped-messages';
import { GatedCalls } from '../../lib/messaging/gated-calls';
import { LeftFailures } from '../../lib/messaging/left-failures';
import type { RefusalLog } from '../../lib/observability/refusal-log';
import { codeOf } from '../activation/cluster-fixture';
import { invocationOf } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

const path = 'spec/Account/a';

describe('A call that waits until what its turn has decided is durable', () => {
  let time: ManualTimers;
  let made: (number | undefined)[];
  let gated: GatedCalls;

  beforeEach(() => {
    time = new ManualTimers();
    made = [];
    const refusals = { note: () => undefined } as unknown as RefusalLog;
    const make = async ({ options }: Invocation): Promise<string> => {
      made.push(options?.timeoutMs);
      return 'done';
    };
    gated = new GatedCalls({
      time,
      options: { callTimeoutMs: 1_000 },
      make,
      send: () => undefined,
      left: new LeftFailures(refusals),
      dropped: new DroppedMessages({ dropped: { value: 0 } } as never, refusals),
    });
  });

  it('has no more time for that: what it has waited is not given to it again', async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const answer = gated.call(opened, invocationOf(path), 'answer');
    time.pass(300);
    expect(made).to.deep.equal([]);
    open();
    expect(await answer).to.equal('done');
    expect(made).to.deep.equal([700]);
  });

  it('is not made when its time is over before, and never when nothing becomes durable', async () => {
    const late = gated.call(new Promise(() => undefined), invocationOf(path), 'answer');
    late.catch(() => undefined);
    time.pass(1_000);
    expect(await codeOf(late)).to.equal('CALL_TIMEOUT');
    const failed = gated.call(Promise.reject(new Error('fenced')), invocationOf(path), 'answer');
    expect(await failed.catch((error: Error) => error.message)).to.equal('fenced');
    expect(made).to.deep.equal([]);
  });
});
