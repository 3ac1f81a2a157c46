import { expect } from 'chai';
import { Actor, ActorState, ActorRuntime, Handler, memory, Persist, type ActorClass } from 'moonpool';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import type { Constructor } from '../../lib/injection/token';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import type { Serializer } from '../../lib/serialization/serializer';
import { fromTagged } from '../../lib/serialization/untagged-value';
import { boundOf } from '../../lib/serialization/value-bound';
import { isolate } from '../../lib/serialization/value-isolation';
import { failureOf } from '../activation/cluster-fixture';

/** As much of it as is used here: our types know Node.js 20. */
type TemporalClass = Constructor<object> & { from(given: unknown): object };
const temporal = Reflect.get(globalThis, 'Temporal') as Readonly<Record<string, TemporalClass>> | undefined;

/** What an object is, in every part: objects of `Temporal` have no fields that a comparison would see. */
function said(value: object): readonly string[] {
  const parts: string[] = [value.constructor.name];
  for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(value.constructor.prototype as object)))
    if (get !== undefined) parts.push(`${key}=${String(Reflect.get(value, key))}`);
  const write = (value as { toString(options?: object): string }).toString.bind(value);
  return [...parts, write(), value.constructor.name === 'Duration' ? '' : write({ calendarName: 'always' })];
}

function roundTrip(serializer: Serializer, value: unknown): unknown {
  const into = new ByteWriter();
  serializer.write(value, into);
  const bytes = into.take();
  expect(bytes.length).to.be.at.most(boundOf(value, Number.POSITIVE_INFINITY));
  return serializer.read(bytes);
}

const WAYS: Readonly<Record<string, (value: unknown) => unknown>> = {
  'to a near actor': (value) => isolate(value),
  'in JSON': (value) => roundTrip(new JsonSerializer(), value),
  'in MessagePack': (value) => roundTrip(new MsgpackrSerializer(), value),
};

/** Only says that it is one. */
class Named {
  a = 1;
  get [Symbol.toStringTag](): string {
    return 'Temporal.Instant';
  }
}

class Plan {
  at: unknown = undefined;
}

function planner(type: TemporalClass): ActorClass<{
  keep(at: object): Promise<object>;
  kept(): Promise<unknown>;
}> {
  @Actor({ name: 'Planner' })
  class Planner {
    @Persist(Plan) private readonly plan!: ActorState<Plan>;
    @Handler({ accepts: [type] }) async keep(at: object): Promise<object> {
      this.plan.value.at = at;
      await this.plan.persist();
      return at;
    }
    @Handler() async kept(): Promise<unknown> {
      return this.plan.value.at;
    }
  }
  return Planner;
}

describe('Values of Temporal', () => {
  if (temporal === undefined) {
    it('are refused by name where this version of Node.js has none', () => {
      expect(() => fromTagged({ $: 'Temporal.Instant', value: '2026-01-01T00:00:00Z' })).to.throw(
        /MALFORMED_PAYLOAD: The received value holds a Temporal.Instant that cannot be made: .*Node.js 26/,
      );
    });
    return;
  }

  const { Instant, ZonedDateTime, PlainDateTime, PlainDate, PlainTime, PlainYearMonth, PlainMonthDay, Duration } =
    temporal as Readonly<Record<string, TemporalClass & (new (...parts: unknown[]) => object)>> & {
      Instant: TemporalClass;
    };
  const make = (type: unknown, ...parts: unknown[]): object =>
    new (type as new (...given: unknown[]) => object)(...parts);
  const samples: readonly object[] = [
    make(Instant, 0n),
    make(Instant, -8_640_000_000_000_000_000_000n),
    make(Instant, 1_795_824_000_123_456_789n),
    make(ZonedDateTime, 1_795_824_000_123_456_789n, 'America/St_Johns'),
    // In the second of two hours with one name, at an offset of no whole minutes, and in another calendar.
    make(ZonedDateTime, 1_604_223_000_000_000_000n, 'America/Los_Angeles'),
    make(ZonedDateTime, -2_000_000_000_000_000_000n, 'Africa/Monrovia', 'hebrew'),
    make(ZonedDateTime, 5n, '+05:30'),
    make(PlainDateTime, -271_821, 4, 19, 0, 0, 0, 0, 0, 1),
    make(PlainDateTime, 2026, 11, 28, 23, 59, 59, 999, 999, 999, 'japanese'),
    make(PlainDate, 275_760, 9, 13),
    make(PlainDate, -1, 2, 3, 'islamic-civil'),
    make(PlainTime),
    make(PlainTime, 1, 2, 3, 4, 5, 6),
    make(PlainYearMonth, 2026, 11),
    make(PlainYearMonth, 2026, 11, 'iso8601', 5),
    make(PlainYearMonth, -12_345, 1, 'hebrew', 17),
    make(PlainMonthDay, 2, 29),
    make(PlainMonthDay, 12, 31, 'gregory', 1999),
    make(Duration),
    make(Duration, 0, 0, 0, 0, 0, 90, 0, 1_500, 0, 86_400_000_000_000),
    make(Duration, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10),
    make(Duration, 4_294_967_295),
  ];

  for (const [way, carry] of Object.entries(WAYS)) {
    it(`arrive ${way} equal in every part, wherever they lie`, () => {
      for (const value of samples) {
        expect(said(carry(value) as object)).to.deep.equal(said(value));
        const [, { inMap }] = carry([1, { inMap: new Map([['at', value]]) }]) as [
          number,
          { inMap: Map<string, object> },
        ];
        expect(said(inMap.get('at') as object)).to.deep.equal(said(value));
        expect(carry(value)).not.to.equal(value);
      }
    });

    it(`are refused ${way} with a field beside their content, and when they only pass for such`, () => {
      const impostor = Object.create(Instant.prototype) as object;
      const labelled = Object.assign(make(Instant, 0n), { label: 'start' });
      for (const value of [impostor, labelled])
        expect(() => carry(value))
          .to.throw()
          .with.property('code', 'UNSERIALIZABLE_VALUE');
      expect(carry(new Named())).to.deep.equal({ a: 1 });
    });
  }

  it('are refused when what came is no text of them, at no cost', () => {
    for (const [name, value] of [
      ['Instant', 'yesterday'],
      ['Instant', 5],
      ['Now', ''],
      ['constructor', ''],
      ['Duration', '1 2 x'],
      ['Duration', '1.5'],
      ['ZonedDateTime', '5'],
      ['ZonedDateTime', `${'9'.repeat(900)} UTC iso8601`],
      ['ZonedDateTime', '5 Nowhere/At_All iso8601'],
      ['PlainYearMonth', '2026-11'],
      ['PlainMonthDay', '1972-13-01[u-ca=iso8601]'],
      ['PlainDate', '2'.repeat(10_000_000)],
    ])
      expect(() => fromTagged({ $: `Temporal.${name}`, value }), String(name))
        .to.throw()
        .with.property('code', 'MALFORMED_PAYLOAD');
  });

  it('are arguments, states and answers of actors, checked by their class', async () => {
    const Planner = planner(Instant);
    const options = { namespace: 'spec', actors: [Planner], modules: [memory()], inProcess: false };
    let node = await ActorRuntime.start({ ...options, name: 'n1' });
    const client = await ActorRuntime.connect(options);
    try {
      const at = make(Instant, 1_795_824_000_123_456_789n);
      for (const [key, runtime] of [
        ['near', node],
        ['far', client],
      ] as const) {
        const actor = runtime.actor(Planner, key);
        expect(said(await actor.keep(at))).to.deep.equal(said(at));
        expect(said((await actor.kept()) as object)).to.deep.equal(said(at));
        for (const wrong of [new Date(), '2026-01-01T00:00:00Z', make(PlainTime)])
          expect(await failureOf(actor.keep(wrong as object))).to.have.property('code', 'INVALID_PAYLOAD');
      }
      await node.shutdown();
      node = await ActorRuntime.start({ ...options, name: 'n2' });
      expect(said((await node.actor(Planner, 'near').kept()) as object)).to.deep.equal(said(at));
    } finally {
      await client.shutdown();
      await node.shutdown();
    }
  });
});
