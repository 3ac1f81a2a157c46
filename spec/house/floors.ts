import { importsOf, type SourceFile } from './source-file';

/**
 * The floors of the house, from the ground up; the rooms of a floor in the order in which they may know each other. See
 * `docs/house.md`.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['lib/errors', 'lib/options', 'lib/identity', 'lib/concurrency', 'lib/injection'],
  ['lib/providers', 'lib/chaos', 'lib/observability', 'lib/providers/node', 'lib/actor'],
  ['lib/addressing', 'lib/metadata', 'lib/serialization', 'lib/wire'],
  ['lib/handshake', 'lib/connection', 'lib/transport', 'lib/requests', 'lib/rpc', 'lib/services'],
  ['lib/cluster', 'lib/directory', 'lib/storage', 'lib/placement'],
  ['lib/calls', 'lib/ordering', 'lib/messaging'],
  [
    'lib/scheduling',
    'lib/timers',
    'lib/turns',
    'lib/migration',
    'lib/activation',
    'lib/persistence',
    'lib/deliveries',
    'lib/gateways',
    'lib/observers',
    'lib/reference',
    'lib/circuit-breaker',
    'lib/local-actors',
    'lib/supervision',
    'lib/worker-pool',
    'lib/local-system',
  ],
  ['lib/engines/sqlite', 'lib/engines/postgres', 'lib/engines/msgpackr', 'lib/modules', 'lib/runtime'],
  ...rooms('lib/simulation', [
    ['checkers/histories', 'checkers/linearizability', 'checkers/append-lists', 'checkers'],
    ['random', 'timeline', 'trace', 'engine'],
    ['topology', 'network/transfers', 'network/partitions', 'network/rules', 'network/latency', 'network'],
    ['observation', 'coverage', 'providers', 'disks', 'cluster-store'],
    ['chaos/disturbances', 'chaos/profile', 'chaos/fault-table', 'chaos'],
    ['fence/ambient', 'fence/builtins', 'fence/replacements', 'fence'],
    ['invariants/history', 'invariants/activations', 'invariants/calls', 'invariants/ownership', 'invariants/rest'],
    ['invariants', 'world', 'cluster', 'workloads'],
    ['seed-run', 'runner', 'exploration', 'reduction', 'farm', 'report', 'test-runners', 'node-runner'],
  ]),
  ['lib/monitoring', 'lib/contracts', 'lib/cli'],
];

const ROOMS = FLOORS.flat();

/** The floors of a house that stands inside of a folder of the library. */
function rooms(house: string, floors: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return floors.map((floor) => floor.map((room) => `${house}/${room}`));
}

/** What the decorators may know: they only write metadata. */
const ROOMS_OF_DECORATORS: ReadonlySet<string> = new Set(['lib/metadata', 'lib/errors', 'lib/injection', 'lib/actor']);

/** What may be imported by name from nowhere but one room, and why. */
const KEEPERS: readonly {
  readonly name: RegExp;
  readonly room: string;
  readonly besides?: string;
  readonly why: string;
}[] = [
  {
    name: /^tsyringe$/,
    room: 'lib/injection',
    why: 'the container is an implementation detail of one room; bind and resolve by token',
  },
  {
    name: /^class-(transformer|validator)$/,
    room: 'lib/serialization',
    besides: 'lib/metadata',
    why: 'what payload classes say is read in one room, and their values are checked at the edge only',
  },
  {
    name: /^croner$/,
    room: 'lib/deliveries',
    why: 'patterns are read in one place, which gives it the present moment',
  },
  { name: /^msgpackr$/, room: 'lib/engines/msgpackr', why: 'a serializer is known by its contract' },
  { name: /^pg$/, room: 'lib/engines/postgres', why: 'an engine is known by its contract' },
  { name: /^libsql$/, room: 'lib/engines/sqlite', why: 'an engine is known by its contract' },
];

/** The room that a file lies in: the longest that fits. */
export function roomOf(path: string): string | undefined {
  return ROOMS.filter((room) => path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];
}

/** Every import that goes upwards, sideways or through a closed door, as a sentence that names the remedy. */
export function findFloorMistakes(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    file.path.startsWith('lib/') && roomOf(file.path) === undefined
      ? [`${file.path} lies in no room: put it into one, or add its room to FLOORS and to docs/house.md.`]
      : importsOf(file).flatMap(({ written, resolved }) => mistakesOf(file.path, written, resolved)),
  );
}

function mistakesOf(path: string, written: string, resolved: string | undefined): readonly string[] {
  if (resolved === undefined) return packageMistakes(path, written);
  // A room without a door of its own is measured from inside.
  if (path.startsWith('bench/rooms/')) return [];
  if (path.startsWith('samples/') || path.startsWith('bench/')) {
    const own = path.split('/').slice(0, 2).join('/');
    const isOwn = resolved.startsWith(`${own}/`) || (path.startsWith('bench/') && resolved.startsWith('bench/'));
    return isOwn
      ? []
      : [
          `${path} imports ${written}: samples and benches use public doors only, so import 'moonpool' or 'moonpool/simulation'.`,
        ];
  }
  if (path.startsWith('decorators/')) {
    const room = roomOf(resolved);
    const isAllowed = resolved.startsWith('decorators/') || (room !== undefined && ROOMS_OF_DECORATORS.has(room));
    return isAllowed
      ? []
      : [`${path} imports ${resolved}: decorators only write metadata, so move what it needs to lib/metadata.`];
  }
  return path.startsWith('lib/') ? libraryMistakes(path, resolved) : [];
}

function libraryMistakes(path: string, resolved: string): readonly string[] {
  if (resolved.startsWith('decorators/'))
    return [`${path} imports ${resolved}: nothing in lib knows the decorators; read the metadata store instead.`];
  const [from, to] = [roomOf(path), roomOf(resolved)];
  if (from === to) return [];
  if (from === undefined || to === undefined)
    return [`${path} imports ${resolved}, which lies in no room of the library.`];
  if (ROOMS.indexOf(to) < ROOMS.indexOf(from)) return [];
  return [
    `${path} imports ${resolved}: ${to} is not below ${from}. Declare a port in the lower room, or move the concept down.`,
  ];
}

function packageMistakes(path: string, written: string): readonly string[] {
  return KEEPERS.filter(
    ({ name, room, besides }) =>
      name.test(written) && path.startsWith('lib/') && roomOf(path) !== room && roomOf(path) !== besides,
  ).map(({ room, why }) => `${path} imports ${written}, which only ${room} may: ${why}.`);
}
