import type { SourceFile } from './source-file';

/** By these words a file asks what kind an actor is of. */
const QUESTION =
  /[.{(,]\s*(addressing|hasKey|isStatic|isObserver|isWorker|maxPerNode|observes|statelessWorker)\b|addressing\/[a-z-]+'/;

/** Who may ask, and what for. All others treat actors alike, so that a new kind is one file in lib/addressing. */
const MAY_ASK: ReadonlyMap<string, string> = new Map([
  ['lib/serialization/untagged-value.ts', 'reads an address with what has no key'],
  ['lib/metadata/actor-record.ts', 'declares the options by which a class says its kind'],
  ['lib/metadata/actor-descriptor.ts', 'holds the addressing of a class'],
  ['lib/metadata/discovery.ts', 'chooses it, by the options'],
  ['lib/metadata/validator.ts', 'refuses options that contradict each other'],
  ['lib/metadata/durability-check.ts', 'asks of observers nothing that only actors can promise'],
  ['lib/metadata/given-key.ts', 'says whether a key must be given'],
  ['lib/calls/invocation.ts', 'carries the addressing of a reference'],
  ['lib/calls/call.ts', 'knows what has ended with the farewell of a node'],
  ['lib/messaging/message-bus.ts', 'sends elsewhere what may be served elsewhere'],
  [
    'lib/messaging/message-router.ts',
    'gives the call to the route of its kind, and keeps the order where there is one',
  ],
  ['lib/messaging/received-requests.ts', 'forwards what may be served elsewhere'],
  ['lib/ordering/receiver-order.ts', 'keeps the order where there is one'],
  ['lib/activation/activation-maker.ts', 'names activations and their states'],
  ['lib/activation/activation.ts', 'registers what is registered'],
  ['lib/activation/succession.ts', 'lets go on elsewhere what may be elsewhere'],
  ['lib/activation/activation-table.ts', 'keeps several activations of one key'],
  ['lib/activation/stateless-workers.ts', 'knows how many there may be'],
  ['lib/observers/hosted-observer.ts', 'names activations'],
  ['lib/deliveries/delivery-calls.ts', 'makes calls of actors whose class this process does not know'],
  ['lib/deliveries/message-deliveries.ts', 'refuses messages for who lives and dies with a process'],
  ['lib/reference/reference-factory.ts', 'gives references the addressing of their class'],
  ['lib/reference/actor-reference-base.ts', 'has $on where the caller says which node is meant'],
  ['lib/modules/cluster-bindings.ts', 'tells what nodes host from what they do not'],
  ['lib/modules/hosting-bindings.ts', 'tells observers from what nodes host'],
  ['lib/runtime/assembled-node.ts', 'tells what nodes host from what they do not'],
  [
    'lib/simulation/invariants/history/history-invariant.ts',
    'knows by their ids activations of which there are several',
  ],
]);

/** Every file that asks for the kind of an actor and need not, and every one that could and does not, as a sentence with its remedy. */
export function findKindQuestions(files: readonly SourceFile[]): readonly string[] {
  const library = files.filter(({ path }) => path.startsWith('lib/') && !path.startsWith('lib/addressing/'));
  const asking = library.filter(({ source }) => QUESTION.test(source)).map(({ path }) => path);
  return [
    ...asking
      .filter((path) => !MAY_ASK.has(path))
      .map(
        (path) =>
          `${path} asks for the kind of an actor: let its addressing answer where it is asked already, or say in spec/house/kinds what this file needs to know.`,
      ),
    ...[...MAY_ASK.keys()]
      .filter((path) => library.some((file) => file.path === path) && !asking.includes(path))
      .map((path) => `${path} asks for no kind any more: take it from the list in spec/house/kinds.`),
  ];
}
