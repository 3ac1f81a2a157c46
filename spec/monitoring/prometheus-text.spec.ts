import { expect } from 'chai';
import { metric } from 'moonpool/modules';
import { prometheusText } from 'moonpool/prometheus';
import { MetricRegistry } from '../../lib/observability/metric-registry';

const SHOP = {
  orders: metric.counter('shop.orders', '{order}', 'Orders that were taken.'),
  bytes: metric.counter('shop.read_bytes', 'By', 'What was read: a \\ and\na line.'),
  payments: metric.labelledCounter('shop.payments', '{payment}', 'paid.by', 'Payments that arrived.'),
  packing: metric.histogram('shop.packing', 's', 'How long an order is packed.', [0.1, 1]),
};

describe('The text of metrics for Prometheus', () => {
  let metrics: MetricRegistry;
  beforeEach(() => {
    metrics = new MetricRegistry();
  });

  it('has names with units and totals, and each metric with its kind and what it is', () => {
    const { orders, packing } = metrics.bind(SHOP);
    orders.value = 3;
    for (const seconds of [0.05, 0.1, 0.5, 7]) packing.record(seconds);
    metrics.observe({ definition: metric.gauge('shop.open', '1', 'Whether it is open.'), read: () => 1 });
    expect(prometheusText(metrics)).to.equal(
      [
        '# HELP shop_open Whether it is open.',
        '# TYPE shop_open gauge',
        'shop_open 1',
        '# HELP shop_orders_total Orders that were taken.',
        '# TYPE shop_orders_total counter',
        'shop_orders_total 3',
        '# HELP shop_packing_seconds How long an order is packed.',
        '# TYPE shop_packing_seconds histogram',
        'shop_packing_seconds_bucket{le="0.1"} 2',
        'shop_packing_seconds_bucket{le="1"} 3',
        'shop_packing_seconds_bucket{le="+Inf"} 4',
        'shop_packing_seconds_sum 7.65',
        'shop_packing_seconds_count 4',
        '# HELP shop_payments_total Payments that arrived.',
        '# TYPE shop_payments_total counter',
        '# HELP shop_read_bytes_total What was read: a \\\\ and\\na line.',
        '# TYPE shop_read_bytes_total counter',
        'shop_read_bytes_total 0',
        '',
      ].join('\n'),
    );
  });

  it('is whole whatever a label says, and whatever a count has come to', () => {
    const { orders, payments } = metrics.bind(SHOP);
    orders.value = Number.POSITIVE_INFINITY;
    payments.of('in "cash"\n\\').value++;
    const text = prometheusText(metrics);
    expect(text).to.contain('\nshop_payments_total{paid_by="in \\"cash\\"\\n\\\\"} 1\n');
    expect(text).to.contain('\nshop_orders_total +Inf\n');
  });

  it('has no name twice, for Prometheus would take nothing of it', () => {
    metrics.bind({ one: metric.counter('a.b', '1', 'The first.'), two: metric.counter('a_b', '1', 'The second.') });
    metrics.bind({ number: metric.counter('9-lives', '1', 'Of a cat.') });
    const names = [...prometheusText(metrics).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).to.deep.equal(['_9_lives_total', 'a_b_total']);
  });
});
