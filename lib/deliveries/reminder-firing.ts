import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';

/** What the call of a reminder carries. */
export type ReminderFiring = {
  readonly name: string;
  readonly setting: string;
  /** In milliseconds since 1970, by the store's clock. */
  readonly dueAt: number;
  readonly missed: number;
  readonly data?: unknown;
};

/** What came with a call, which may be anything. @throws MoonpoolError INVALID_PAYLOAD */
export function firingOf(name: string, args: readonly unknown[], path: string): ReminderFiring {
  const [firing] = args;
  const { setting, dueAt, missed, data } = (firing ?? {}) as Partial<Record<keyof ReminderFiring, unknown>>;
  // A Date can be made of it.
  const isMoment = typeof dueAt === 'number' && Math.abs(dueAt) <= 8.64e15;
  const isCount = Number.isSafeInteger(missed) && (missed as number) >= 0;
  if (args.length !== 1 || typeof setting !== 'string' || !isMoment || !isCount) {
    const message = `The call of the reminder '${name}' of ${path} carries ${describeValue(firing)}, which is nothing that a reminder brings`;
    throw new MoonpoolError('INVALID_PAYLOAD', { message });
  }
  return { name, setting, dueAt, missed: missed as number, ...(data === undefined ? {} : { data }) };
}
