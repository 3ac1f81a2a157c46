import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Actor, Handler, memory, type ActorRuntime } from 'moonpool';
import { NodeConnection } from '../../lib/providers/node/node-connection';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { Serializer } from '../../lib/serialization/serializer';
import { ClusterFixture } from '../activation/cluster-fixture';
import { ROOT } from './source-file';

/** What is asked on the way and answers: that makes and checks values, and keeps what a promise continues. */
const ASKED = /^(serialization|injection)\//;

/** The files of the library through which control has come here, from the first on; those that call themselves count once. */
function filesOfStack(): readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200;
  const { stack = '' } = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  const files = stack
    .split('\n')
    .reverse()
    .map((line) => /\blib\/([a-z/-]+)\.(?:js|ts):/.exec(line)?.[1])
    .filter((file): file is string => file !== undefined && !ASKED.test(file));
  return files.filter((file, index) => file !== files[index - 1]);
}

type Moment = 'arguments are written' | 'bytes leave' | 'handler' | 'answer is written' | 'answer is made';

/** Through which files control has come, at each moment of a call, in order. */
let noted: (readonly [Moment, readonly string[]])[] | undefined;
const note = (moment: Moment) => void noted?.push([moment, filesOfStack()]);

/** Made where an answer is given to its caller. */
class Answer {
  text = 'done';
  constructor() {
    note('answer is made');
  }
}

@Actor({ name: 'Traced' })
class Traced {
  @Handler({ accepts: [String], returns: Answer }) async work(text: string): Promise<Answer> {
    note('handler');
    return { text };
  }
}

class TracedSerializer extends JsonSerializer {
  override write(...args: Parameters<JsonSerializer['write']>): void {
    note(Array.isArray(args[0]) ? 'arguments are written' : 'answer is written');
    super.write(...args);
  }
}

/** The ways that the page tells, by their names: `there: a, b, c`. */
function waysOfPage(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(join(ROOT, 'docs/house.md'), 'utf8');
  const ways = [...page.matchAll(/^- \*(.+)\*: (`.+`)$/gm)];
  return new Map(ways.map(([, name = '', files = '']) => [name, files.replaceAll('`', '').split(', ')]));
}

/** The first of the moments, and what came of it directly after it. */
function wayTo(moment: Moment, ...then: readonly Moment[]): readonly string[] {
  const all = noted ?? [];
  const at = all.findIndex(([name, files]) => name === moment && (moment !== 'answer is made' || isForCaller(files)));
  const steps = then.map((next) => all.slice(at).find(([name]) => name === next)?.[1] ?? []);
  return [all[at]?.[1] ?? [], ...steps].flat();
}

function isForCaller(files: readonly string[]): boolean {
  return files.includes('calls/call');
}

function mostVisits(files: readonly string[]): number {
  return Math.max(...files.map((file) => files.filter((other) => other === file).length));
}

describe('The way of a call on the page of the house', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  const { write } = NodeConnection.prototype;

  before(async () => {
    NodeConnection.prototype.write = function noting(this: NodeConnection, ...args) {
      note('bytes leave');
      return write.apply(this, args);
    };
    cluster = new ClusterFixture([Traced]);
    const modules = cluster.with(memory(), {
      name: 'traced values',
      load: (bind) => bind(Serializer).toFactory([], () => new TracedSerializer()),
    });
    node = await cluster.node('n1', { modules });
    const client = await cluster.client({ modules });
    for (const caller of [node, client]) {
      for (let warm = 0; warm < 3; warm++) await caller.actor(Traced, 'one').work('warm');
    }
    remote = await record(client);
    local = await record(node);
  });
  after(async () => {
    NodeConnection.prototype.write = write;
    await cluster.shutdown();
  });

  let local: NonNullable<typeof noted>;
  let remote: NonNullable<typeof noted>;

  /** As most of some calls go: on a machine that has much to do, one may have to wait on its way. */
  async function record(caller: ActorRuntime): Promise<NonNullable<typeof noted>> {
    const ways = new Map<string, { readonly moments: NonNullable<typeof noted>; times: number }>();
    for (let attempt = 0; attempt < 7; attempt++) {
      noted = [];
      await caller.actor(Traced, 'one').work('now');
      const way = ways.get(JSON.stringify(noted)) ?? { moments: noted, times: 0 };
      way.times++;
      ways.set(JSON.stringify(noted), way);
      noted = undefined;
    }
    return [...ways.values()].sort((a, b) => b.times - a.times)[0]?.moments ?? [];
  }

  it('within a node is the one that calls take: 16 files at most, none of them more than twice', () => {
    noted = local;
    const [there, back] = [wayTo('handler'), wayTo('answer is made')];
    noted = undefined;
    const ways = waysOfPage();
    expect(there).to.deep.equal(ways.get('here, there'));
    expect(back).to.deep.equal(ways.get('here, back'));
    expect(new Set([...there, ...back]).size).to.be.within(10, 16);
    expect(mostVisits([...there, ...back])).to.be.lessThan(3);
  });

  it('between two nodes is the one that calls take: 32 files at most, none more than twice in one direction on one node', () => {
    noted = remote;
    const ways = {
      'away, from the caller': wayTo('arguments are written', 'bytes leave'),
      'away, to the actor': wayTo('handler'),
      'away, from the actor': wayTo('answer is written', 'bytes leave'),
      'away, to the caller': wayTo('answer is made'),
    };
    noted = undefined;
    const told = waysOfPage();
    for (const [name, files] of Object.entries(ways)) {
      expect(files, name).to.deep.equal(told.get(name));
      expect(mostVisits(files), name).to.be.lessThan(3);
    }
    expect(new Set(Object.values(ways).flat()).size).to.be.within(20, 32);
  });
});
