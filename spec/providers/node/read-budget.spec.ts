import { expect } from 'chai';
import type { Connection } from '../../../lib/providers/network-provider';
import { NodeNetworkProvider } from '../../../lib/providers/node/node-network-provider';
import { ReadBudget } from '../../../lib/providers/node/read-budget';

/** Lets nothing else happen for so long. */
function block(forMs: number): void {
  for (const end = performance.now() + forMs; performance.now() < end;);
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Connections whose every chunk takes so long to read, and what was read of each, with the turn of the event loop in which that was. */
async function connections(count: number, readMs: number) {
  const [server, client] = [new NodeNetworkProvider(), new NodeNetworkProvider()];
  const log: { readonly who: number; readonly text: string; readonly turn: number }[] = [];
  const accepted: Connection[] = [];
  let turns = 0;
  let isOver = false;
  const countTurns = (): void => {
    turns++;
    if (!isOver) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  const listener = await server.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, (connection) => {
    const who = accepted.push(connection) - 1;
    connection.start({
      onData: (chunk) => {
        log.push({ who, text: Buffer.from(chunk).toString(), turn: turns });
        block(readMs);
      },
      onEnd: () => log.push({ who, text: 'end', turn: turns }),
      onClose: () => log.push({ who, text: 'close', turn: turns }),
    });
  });
  const dialled: Connection[] = [];
  for (let number = 0; number < count; number++) {
    const connection = await client.connect(listener.address);
    connection.start({ onData: () => undefined, onClose: () => undefined });
    dialled.push(connection);
    while (accepted.length <= number) await turn();
  }
  const close = async (): Promise<void> => {
    isOver = true;
    for (const connection of [...dialled, ...accepted]) connection.destroy();
    await listener.close();
  };
  return { dialled, accepted, log, close };
}

async function until(condition: () => boolean): Promise<void> {
  for (let rounds = 0; !condition(); rounds++) {
    if (rounds > 20_000) throw new Error('what was waited for did not happen');
    await turn();
  }
}

describe('The budget of reading', () => {
  it('lets the event loop turn between connections that all have something to read, and forgets none of them', async () => {
    const { dialled, log, close } = await connections(12, 6);
    dialled.forEach((connection, number) => connection.write(Buffer.from(`hello ${number}`)));
    block(20);
    await until(() => log.length === 12);
    expect(log.map(({ who, text }) => [who, text]).sort()).to.deep.equal(
      dialled.map((_, number) => [number, `hello ${number}`]).sort(),
    );
    const most = Math.max(...log.map((entry) => log.filter((other) => other.turn === entry.turn).length));
    expect(most).to.be.lessThan(7);
    await close();
  });

  it('keeps the order of each connection, its end behind all of it, also where the reader pauses', async () => {
    const { dialled, accepted, log, close } = await connections(2, 15);
    for (let number = 0; number < 5; number++) {
      for (const connection of dialled) connection.write(Buffer.from(`${number};`));
      await turn();
    }
    accepted[1]?.pause();
    for (const connection of dialled) connection.end();
    const of = (who: number): string =>
      log
        .filter((entry) => entry.who === who)
        .map(({ text }) => text)
        .join('');
    await until(() => of(0).endsWith('end'));
    for (let round = 0; round < 20; round++) await turn();
    expect(of(0)).to.equal('0;1;2;3;4;end');
    expect('0;1;2;3;4;').to.satisfy((whole: string) => whole.startsWith(of(1)));
    accepted[1]?.resume();
    await until(() => of(1).endsWith('end'));
    expect(of(1)).to.equal('0;1;2;3;4;end');
    await close();
  });

  it('gives what has come before a connection is cut, and then says so', async () => {
    const { dialled, log, close } = await connections(4, 15);
    dialled.forEach((connection) => connection.write(Buffer.from('last words;')));
    block(5);
    await turn();
    for (const connection of dialled) connection.end();
    await until(() => log.filter(({ text }) => text === 'end').length === 4);
    for (const who of [0, 1, 2, 3])
      expect(log.filter((entry) => entry.who === who).map(({ text }) => text)).to.deep.equal(['last words;', 'end']);
    await close();
  });

  it('is larger where turns of the event loop take long for other reasons', async () => {
    let now = 0;
    const budget = new ReadBudget(() => now);
    const read = (tookMs: number): void => budget.spend(() => void (now += tookMs));
    read(12);
    expect(budget.isSpent).to.equal(true);
    now += 100;
    await turn();
    read(55);
    expect(budget.isSpent).to.equal(false);
    read(10);
    expect(budget.isSpent).to.equal(true);
  });

  it('begins again with each turn of the event loop', async () => {
    const budget = new ReadBudget();
    budget.spend(() => block(15));
    expect(budget.isSpent).to.equal(true);
    let wasRead = 0;
    budget.wait({ readOn: () => wasRead++ });
    await turn();
    await turn();
    expect([budget.isSpent, wasRead]).to.deep.equal([false, 1]);
  });
});
