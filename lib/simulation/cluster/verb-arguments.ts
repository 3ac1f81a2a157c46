import { anyOf, callback, choice, delay, label, list, mandatory, type OptionKind } from '../../options/option-kind';
import { checkArguments, group } from '../../options/option-table';
import { eventName } from '../timeline/event-names';
import { PARTITION_SHAPES } from '../network/partitions/partition-shape';
import { CLOG_OPTIONS, ISOLATE_NODE_OPTIONS, isMachine, isNode, RELEASE_OPTIONS } from './verb-options';

/** The length of a machine's name. */
const MAX_NAME_BYTES = 256;

/** Whom a verb is about. */
const machine = mandatory(anyOf('a node of the cluster, such as cluster.nodes[0], or a host', isMachine));
/** Verbs about the life of a node are for nodes alone: a host is started and ended by its own methods. */
const node = mandatory(anyOf('a node of the cluster, such as cluster.nodes[0]', isNode));
const how = choice('process', 'power');
const forMs = delay();
const name = mandatory(label(MAX_NAME_BYTES));
const shape = mandatory(
  anyOf(`one of ${PARTITION_SHAPES.join(', ')}`, (value) => (PARTITION_SHAPES as readonly unknown[]).includes(value)),
);

const release = group(RELEASE_OPTIONS);

/** The verbs of a cluster, and what their arguments may be, in the order in which they are checked. */
const VERBS = {
  sleep: { ms: mandatory(delay()) },
  connect: { name, release },
  deploy: { node, release: mandatory(release) },
  host: { name },
  onEvent: {
    listener: mandatory(callback('a function (event) => ...')),
    names: list('a list of names of events', eventName),
  },
  crash: { node, how },
  restart: { node },
  wipe: { node },
  pause: { node, forMs: mandatory(delay()) },
  resume: { node },
  shutdown: { node },
  partition: { a: machine, b: machine, forMs },
  isolate: { node: machine, options: group(ISOLATE_NODE_OPTIONS) },
  partitionBy: { shape, node: machine, forMs },
  clog: { from: machine, to: machine, options: group(CLOG_OPTIONS) },
  unclog: { from: machine, to: machine },
  keepStable: { a: machine, b: machine },
  cut: { a: machine, b: machine },
  sometimes: {
    name,
    condition: mandatory(anyOf('true or false, and no promise of it', (value) => typeof value === 'boolean')),
  },
  'places.crash': { how },
  'places.partition': { forMs },
  'places.sharingMachine': { node },
} satisfies Readonly<Record<string, Readonly<Record<string, OptionKind<never>>>>>;

type Verbs = typeof VERBS;

/** Looks at the arguments that a verb was given. @throws MoonpoolError INVALID_OPTION naming the first that cannot work. */
export function checkVerb<V extends keyof Verbs>(verb: V, given: Readonly<Record<keyof Verbs[V], unknown>>): void {
  const values: Readonly<Record<string, unknown>> = given;
  const args = Object.entries<OptionKind<never>>(VERBS[verb]).map(
    ([argument, kind]) => [argument, [kind, values[argument]] as const] as const,
  );
  checkArguments(`cluster.${verb}`, Object.fromEntries(args));
}
