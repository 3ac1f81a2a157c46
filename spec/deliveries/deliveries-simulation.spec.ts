import { expect } from 'chai';
import { runSimulation } from 'moonpool/simulation';
import { DeliveryCalls } from '../../lib/deliveries/delivery-calls';
import { MessageDeliveries } from '../../lib/deliveries/message-deliveries';
import { ReminderMemory } from '../../lib/deliveries/reminder-memory';
import { Places } from '../../lib/deliveries/places';
import { DeliveriesSimulation } from './deliveries-simulation';
import { HangingActorSimulation } from './hanging-actor-simulation';

/** A guarantee of deliveries, a bug that breaks it, and what the simulation says of that. */
interface Bug {
  readonly title: string;
  readonly type: { readonly prototype: object };
  readonly member: string;
  /** @param proper the method in whose place it stands. */
  readonly body: (self: object, proper: (...args: unknown[]) => unknown, args: readonly unknown[]) => unknown;
  /** Default: that of deliveries under chaos. */
  readonly simulation?: Parameters<typeof runSimulation>[0];
  readonly test: string;
  readonly verdict: RegExp;
}

const MOST_SEEDS = 300;

const BUGS: readonly Bug[] = [
  {
    title: 'a message that was acknowledged is lost: what fails is taken for executed',
    type: DeliveryCalls,
    member: 'attempt',
    body: async (_self, proper, args) => {
      await proper(...args);
      return { kind: 'executed' };
    },
    test: 'whatWasAcknowledgedArrivesOnce',
    verdict: /is lost|noted and not sent/,
  },
  {
    title: 'a message comes too early: half the delay is enough',
    type: MessageDeliveries,
    member: 'dueOf',
    body: (_self, proper, [options]) => {
      const { delayMs = 0 } = options as { readonly delayMs?: number };
      return proper({ delayMs: delayMs / 2 });
    },
    test: 'whatWasAcknowledgedArrivesOnce',
    verdict: /too early/,
  },
  {
    title: 'a message is executed twice: it is sent without its key',
    type: DeliveryCalls,
    member: 'once',
    body: (self, _proper, [, invocation]) =>
      (self as { readonly parts: { readonly bus: { call(one: unknown): unknown } } }).parts.bus.call(invocation),
    test: 'whatWasAcknowledgedArrivesOnce',
    verdict: /executed [2-9] times/,
  },
  {
    title: 'a reminder is executed after it was cancelled: nobody looks whether it is still set',
    type: ReminderMemory,
    member: 'holds',
    body: async () => true,
    test: 'remindersKeepTime',
    verdict: /after it was turned off|before it was set again/,
  },
  {
    title: 'an actor that hangs keeps reminders of others waiting: one actor may have all places',
    type: Places,
    member: 'admits',
    body: (self) => (self as Places).free > 0,
    simulation: HangingActorSimulation,
    test: 'whoHangsKeepsNobodyElseWaiting',
    verdict: /late while another actor hung|times only/,
  },
  {
    title:
      'actors that cannot be reached keep reminders of others waiting: each is called again until its time is over',
    type: DeliveryCalls,
    member: 'attempt',
    body: (_self, proper, [record, occurrence]) => proper(record, occurrence, () => true),
    simulation: HangingActorSimulation,
    test: 'whoCannotBeReachedKeepsNobodyElseWaiting',
    verdict: /late while another actor hung|times only/,
  },
];

async function verdictsOn({ simulation = DeliveriesSimulation, test, verdict: wanted }: Bug): Promise<string> {
  const verdicts = new Set<string>();
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { failures } = await runSimulation(simulation, {
      method: test,
      seeds: [seed],
      checkDeterminism: false,
    });
    for (const { error } of failures) {
      if (wanted.test(String(error))) return String(error);
      verdicts.add(String(error));
    }
  }
  return [`${MOST_SEEDS} seeds have not found it`, ...verdicts].join('\n');
}

describe('The simulation of deliveries finds that', () => {
  for (const bug of BUGS) {
    const { title, type, member, body, verdict } = bug;
    it(title, async function () {
      this.timeout(180_000);
      const proper = Object.getOwnPropertyDescriptor(type.prototype, member);
      if (proper === undefined) throw new Error(`There is no ${member} any more: the bug would be none.`);
      const { value } = proper as { readonly value: (this: object, ...args: unknown[]) => unknown };
      Object.defineProperty(type.prototype, member, {
        ...proper,
        value(this: object, ...args: unknown[]) {
          return body(this, (...passed) => value.apply(this, passed), args);
        },
      });
      try {
        expect(await verdictsOn(bug)).to.match(verdict);
      } finally {
        Object.defineProperty(type.prototype, member, proper);
      }
    });
  }
});
