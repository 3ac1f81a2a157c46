import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime } from 'moonpool';
import { EXPIRES_AFTER_MS, Order, Stock, Wallet, type OrderStatus } from './order-saga';

/** Four orders: one is done, one finds the shelf empty, one customer has too little, and one has a slow bank. */
async function main(): Promise<void> {
  const runtime = await ActorRuntime.start({ namespace: 'shop', name: 'shop-1', actors: [Order, Stock, Wallet] });
  try {
    await runtime.actor(Stock, 'tea').fill(10);
    await runtime.actor(Wallet, 'ada').open(100, 0);
    await runtime.actor(Wallet, 'bob').open(5, 0);
    await runtime.actor(Wallet, 'slow').open(100, 2 * EXPIRES_AFTER_MS);
    const order = (id: string, customer: string, quantity: number): Promise<OrderStatus> =>
      runtime.actor(Order, id).place({ item: 'tea', quantity, customer, amount: 20 });
    await order('o1', 'ada', 4);
    await order('o2', 'ada', 40);
    await order('o3', 'bob', 2);
    await order('o4', 'slow', 3);
    for (let waitedMs = 0; waitedMs <= 2.2 * EXPIRES_AFTER_MS; waitedMs += 2_000) {
      await print(runtime, `${waitedMs / 1_000} s`);
      await sleep(2_000);
    }
  } finally {
    await runtime.shutdown();
  }
}

async function print(runtime: ActorRuntime, when: string): Promise<void> {
  const orders: string[] = [];
  for await (const order of runtime.actors(Order)) orders.push(`${order.$id.key} ${await order.status()}`);
  const left = await runtime.actor(Stock, 'tea').left();
  const slow = await runtime.actor(Wallet, 'slow').balance();
  process.stdout.write(`${when.padStart(5)}  ${orders.join(', ').padEnd(60)}  ${left} in stock, slow has ${slow}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
