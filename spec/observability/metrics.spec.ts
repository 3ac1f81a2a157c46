import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, Logger, memory } from 'moonpool';
import { Metrics, metric, ObservedMetrics, type MetricSample } from 'moonpool/modules';
import { LabelledCounter } from '../../lib/observability/instruments';
import { METRIC_CATALOGUE } from '../../lib/observability/metric-catalogue';
import { MetricRegistry } from '../../lib/observability/metric-registry';
import { totalsOf } from '../../lib/observability/metrics';

const SHOP = {
  orders: metric.counter('shop.orders', '{order}', 'Orders that were taken.'),
  payments: metric.labelledCounter('shop.payments', '{payment}', 'method', 'Payments that arrived.'),
  packing: metric.histogram('shop.packing', 's', 'How long an order is packed.', [1, 2, 5]),
};
const QUEUE = metric.gauge('shop.queue', '{customer}', 'Who waits.');

/** Prometheus' text format: an exporter needs no more than what is collected. */
function prometheus(samples: readonly MetricSample[]): string {
  const lines = samples.flatMap(({ definition, value, values, distribution }) => {
    const name = definition.name.replaceAll('.', '_');
    const head = [`# HELP ${name} ${definition.help}`, `# TYPE ${name} ${definition.kind.replace('labelled-', '')}`];
    if (value !== undefined) return [...head, `${name} ${value}`];
    if (definition.kind === 'labelled-counter')
      return [
        ...head,
        ...Object.entries(values ?? {}).map(([of, count]) => `${name}{${definition.label}="${of}"} ${count}`),
      ];
    if (definition.kind !== 'histogram' || distribution === undefined) return [];
    let below = 0;
    const buckets = distribution.buckets.map((count, index) => {
      below += count;
      return `${name}_bucket{le="${definition.bounds[index] ?? '+Inf'}"} ${below}`;
    });
    return [...head, ...buckets, `${name}_sum ${distribution.sum}`, `${name}_count ${distribution.count}`];
  });
  return `${lines.join('\n')}\n`;
}

describe('The metrics of a process', () => {
  it('are counted by a field, and collected by name with their definitions', () => {
    const metrics = new MetricRegistry();
    const { orders, payments, packing } = metrics.bind(SHOP);
    orders.value += 2;
    payments.of('cash').value++;
    for (const time of [0.5, 1, 1.5, 10, Number.NaN]) packing.record(time);
    metrics.observe({ definition: QUEUE, read: () => 3 });
    expect(metrics.collect()).to.deep.equal([
      { definition: SHOP.orders, value: 2 },
      { definition: SHOP.packing, distribution: { count: 4, sum: 13, buckets: [2, 1, 0, 1] } },
      { definition: SHOP.payments, values: { cash: 1 } },
      { definition: QUEUE, value: 3 },
    ]);
    expect(totalsOf(metrics.bind(SHOP))).to.deep.equal({ orders: 2, payments: { cash: 1 } });
  });

  it('can be exported to Prometheus by what is collected alone', () => {
    const metrics = new MetricRegistry();
    const { orders, payments, packing } = metrics.bind(SHOP);
    orders.value++;
    payments.of('cash').value++;
    packing.record(1.5);
    expect(prometheus(metrics.collect())).to.equal(`# HELP shop_orders Orders that were taken.
# TYPE shop_orders counter
shop_orders 1
# HELP shop_packing How long an order is packed.
# TYPE shop_packing histogram
shop_packing_bucket{le="1"} 0
shop_packing_bucket{le="2"} 1
shop_packing_bucket{le="5"} 1
shop_packing_bucket{le="+Inf"} 1
shop_packing_sum 1.5
shop_packing_count 1
# HELP shop_payments Payments that arrived.
# TYPE shop_payments counter
shop_payments{method="cash"} 1
`);
  });

  it('are the same for whoever binds their definitions, and refuse another definition of the name', () => {
    const metrics = new MetricRegistry();
    expect(metrics.bind(SHOP).orders).to.equal(metrics.bind({ again: SHOP.orders }).again);
    const other = metric.counter('shop.orders', '{order}', 'Orders that were refused.');
    expect(() => metrics.bind({ other }))
      .to.throw('INVALID_OPTION')
      .with.property('message')
      .that.contains('shop.orders');
  });

  it('leave out what cannot be read', () => {
    const metrics = new MetricRegistry();
    metrics.observe({ definition: QUEUE, read: () => raise('gone') });
    expect(metrics.collect()).to.deep.equal([]);
    metrics.observe({ definition: QUEUE, read: () => Number.NaN });
    expect(metrics.collect()).to.deep.equal([]);
  });

  it('count a hundred values of a label apart, and the others together', () => {
    const counter = new LabelledCounter();
    for (let value = 0; value < 10_000; value++) counter.of(`from outside ${value}`).value++;
    expect(Object.keys(counter.values)).to.have.lengthOf(101);
    expect(counter.values['other']).to.equal(9_900);
    expect(counter.of('from outside 7').value).to.equal(1);
  });
});

@Actor({ name: 'Measured' })
class Measured {
  @Handler() async work(): Promise<void> {}
  @Handler() async fail(): Promise<void> {
    throw new Error('as it should');
  }
}

describe('The metrics of a node', () => {
  it('are all of the catalogue, and what modules contribute, with the counts that inspect() shows', async () => {
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const modules = [
      memory(),
      {
        name: 'queue',
        load: (...[bind, contribute]: Parameters<ReturnType<typeof memory>['load']>) => {
          bind(Logger).toValue(quiet);
          contribute(ObservedMetrics, { definition: QUEUE, read: () => 7 });
        },
      },
    ];
    const node = await ActorRuntime.start({ namespace: 'measured', name: 'node', actors: [Measured], modules });
    await node.actor(Measured, 'a').work();
    await node
      .actor(Measured, 'a')
      .fail()
      .catch(() => undefined);
    const samples = node.service(Metrics).collect();
    const valueOf = (name: string): unknown => samples.find(({ definition }) => definition.name === name)?.value;
    expect(samples.map(({ definition }) => definition)).to.have.members([...METRIC_CATALOGUE, QUEUE]);
    expect(valueOf('moonpool.calls.made')).to.equal(2);
    expect(valueOf('moonpool.calls.failed')).to.equal(1);
    expect(valueOf('moonpool.turns')).to.equal(2);
    expect(valueOf('moonpool.activations')).to.equal(1);
    expect(valueOf('moonpool.cluster.members')).to.equal(1);
    expect(valueOf('moonpool.cluster.lease_held')).to.equal(1);
    expect(valueOf('shop.queue')).to.equal(7);
    const { calls, activations } = node.inspect();
    expect(calls).to.include({ made: 2, succeeded: 1, failed: 1 });
    expect(activations?.totals).to.include({ activated: 1, turns: 2 });
    await node.shutdown();
  });
});

function raise(message: string): never {
  throw new Error(message);
}
