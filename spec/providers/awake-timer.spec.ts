import { expect } from 'chai';
import { scheduleAwake, scheduleLook } from '../../lib/providers/awake-timer';
import type { Timer, TimeProvider } from '../../lib/providers/time-provider';

/** A clock with one timer, which runs as late as the spec says. */
class LateTime implements TimeProvider {
  at = 0;
  private pending: { readonly dueAt: number; readonly callback: () => void } | undefined;

  now(): number {
    return this.at;
  }

  wallClock(): number {
    return this.at;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const mine = { dueAt: this.at + delayMs, callback };
    this.pending = mine;
    return { cancel: () => void (this.pending = this.pending === mine ? undefined : this.pending) };
  }

  sleep(): never {
    throw new Error('nothing here sleeps');
  }

  /** Lets the timer run, so late. */
  fire(lateMs: number): void {
    const { pending } = this;
    this.pending = undefined;
    this.at = Math.max(this.at, (pending?.dueAt ?? this.at) + lateMs);
    pending?.callback();
  }

  get isSet(): boolean {
    return this.pending !== undefined;
  }
}

describe('A timer of a process that stood still', () => {
  it('tells for how long that was, and nothing when it is only a little late', () => {
    const time = new LateTime();
    const told: number[] = [];
    for (const lateMs of [0, 150, 4_500]) {
      scheduleLook(time, 1_000, (standstillMs) => told.push(standstillMs));
      time.fire(lateMs);
    }
    expect(told).to.deep.equal([0, 0, 4_500]);
  });

  it('runs on for as long as the process slept, when only time counts in which it was awake', () => {
    const time = new LateTime();
    let calls = 0;
    scheduleAwake(time, 2_000, () => calls++);
    time.fire(1_500);
    expect([calls, time.isSet]).to.deep.equal([0, true]);
    time.fire(0);
    expect([calls, time.at]).to.deep.equal([1, 5_000]);
  });

  it('runs on for its whole time at most, however long that was', () => {
    const time = new LateTime();
    let calls = 0;
    scheduleAwake(time, 2_000, () => calls++);
    time.fire(3_600_000);
    time.fire(10);
    expect([calls, time.at]).to.deep.equal([1, 3_600_000 + 4_000 + 10]);
  });

  it('is cancelled at any time', () => {
    const time = new LateTime();
    const timer = scheduleAwake(time, 2_000, () => expect.fail('it was cancelled'));
    time.fire(1_500);
    timer.cancel();
    expect(time.isSet).to.equal(false);
  });
});
