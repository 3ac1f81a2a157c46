import {
  Invariant,
  SimulationTest,
  type ClusterView,
  type SimulatedCluster,
  type SimulatedNode,
} from 'moonpool/simulation';
import { isMoonpoolError, retry } from 'moonpool';
import { Bot } from './bot';
import type { GameKey, LobbyKey } from './contest';
import { Game, type Board, type Match } from './game';
import { keepWatch } from './keep-watch';
import { Lobby, type Book } from './lobby';
import { Player, type Score } from './player';
import { Referee } from './referee';

const LOBBIES: readonly LobbyKey[] = [
  ['eu', 'classic'],
  ['us', 'blitz'],
];
const NAMES = ['ann', 'bob', 'cem', 'dora', 'eve', 'finn'];
const EVENINGS = 2;
const PATIENCE = { deadlineMs: 600_000 };

/** Players on a simulated cluster: nodes crash, answers are lost, they ask again, leave, and go away in the middle of games. */
export class GameSimulation {
  static readonly actors = [Game, Lobby, Player, Referee];
  static readonly startup = [keepWatch(LOBBIES, 1_000)];

  @SimulationTest(12, { nodes: 3, clients: 2, chaos: 'hostile' })
  async everyGameIsPlayedOnce(cluster: SimulatedCluster): Promise<void> {
    const places = new Map<string, string>();
    await Promise.all(NAMES.map((name, at) => spendEvenings(cluster, cluster.client(at % 2), name, places)));
    // Some have gone away from games that nobody calls any more; on this node they stop, and must go on elsewhere.
    await cluster.crash(cluster.nodes[cluster.random.below(cluster.nodes.length)] as SimulatedNode);
    await cluster.quiesce();
    await untilAllIsOver(cluster);
    const games: Board[] = [];
    for (const [region, mode] of LOBBIES) {
      const { games: count } = await retry(() => cluster.client().actor(Lobby, [region, mode]).counts(), PATIENCE);
      for (let number = 1; number <= count; number++)
        games.push(await retry(() => cluster.client().actor(Game, [region, mode, number]).board(), PATIENCE));
    }
    const scores: Score[] = [];
    for (const name of NAMES) {
      const player = cluster.client().actor(Player, name);
      // A search that was given up may have begun later than it was ended; it leads to nothing.
      await retry(() => player.leave(), PATIENCE);
      scores.push(await retry(() => player.score(), PATIENCE));
    }
    const wrong = [...games.flatMap(mistakesOf), ...scores.flatMap((score) => miscounted(score, games))];
    if (wrong.length > 0) throw new Error(`what is in the books cannot be: ${wrong.join('; ')}`);
    cluster.sometimes(
      'a clock ran out',
      games.some(({ ending }) => ending?.why === 'time'),
    );
    cluster.sometimes(
      'a game was won on the board',
      games.some(({ ending }) => ending?.why === 'line'),
    );
  }

  /** Everybody is in one game at most that is not over, whatever was lost, repeated or came late. */
  @Invariant({ after: ['store-write-accepted'] })
  nobodyPlaysTwoGames(view: ClusterView): void {
    const playing = new Map<string, string>();
    for (const [region, mode] of LOBBIES) {
      for (const number of view.stateOf<Book>(Lobby, [region, mode])?.open.keys() ?? []) {
        const match = view.stateOf<Match>(Game, [region, mode, number] satisfies GameKey);
        if (match?.pairing === undefined || match.ending !== undefined) continue;
        for (const { name } of [match.pairing.cross, match.pairing.nought]) {
          const game = `${region}/${mode}/${number}`;
          if (playing.has(name)) throw new Error(`${name} plays ${playing.get(name)} and ${game}`);
          playing.set(name, game);
        }
      }
    }
  }
}

/** Seeks here and there with more or less patience, and plays, or goes away in the middle. */
async function spendEvenings(
  cluster: SimulatedCluster,
  client: ReturnType<SimulatedCluster['client']>,
  name: string,
  places: Map<string, string>,
): Promise<void> {
  const bot = new Bot(name, client.actor(Player, name), {
    sleep: (ms) => cluster.sleep(ms),
    below: (bound) => cluster.random.below(bound),
    onRetry: (error) =>
      cluster.sometimes(
        'something was asked again that may have been done',
        isMoonpoolError(error) && error.executed !== 'no',
      ),
    onBoard: (game, { node, cross, nought }) => {
      if (name !== cross && name !== nought) throw new Error(`${name} was sent to the game of ${cross} and ${nought}`);
      cluster.sometimes('a game moved to another node', (places.get(game) ?? node) !== node);
      places.set(game, node);
    },
  });
  for (let evening = 0; evening < EVENINGS; evening++) {
    await cluster.sleep(cluster.random.below(1_000));
    const game = await bot.seek(
      LOBBIES[cluster.random.below(LOBBIES.length)] as LobbyKey,
      200 + cluster.random.below(6_000),
    );
    cluster.sometimes('a search was given up', game === undefined);
    if (game !== undefined) await bot.play(game, cluster.random.below(3) === 0 ? cluster.random.below(3) : undefined);
  }
}

/** The clocks end all games within some seconds, also those that nobody plays any more. Looking at a lobby wakes no game. */
async function untilAllIsOver(cluster: SimulatedCluster): Promise<void> {
  for (let second = 0; second < 60; second++) {
    let open = 0;
    for (const key of LOBBIES) open += (await retry(() => cluster.client().actor(Lobby, key).counts(), PATIENCE)).open;
    if (open === 0) return;
    await cluster.sleep(1_000);
  }
  throw new Error('there are games without an end');
}

/** Looks at a game as somebody who was not there and knows the rules himself. */
function mistakesOf({ cross, nought, moves, ending }: Board): readonly string[] {
  const mistakes: string[] = [];
  if (cross === nought) mistakes.push(`${cross} played against himself`);
  if (ending === undefined) mistakes.push(`the game of ${cross} and ${nought} has no end`);
  if (new Set(moves.map(({ cell }) => cell)).size !== moves.length)
    mistakes.push(`a cell was taken twice by ${cross} and ${nought}`);
  if (moves.some(({ player }, at) => player !== (at % 2 === 0 ? cross : nought)))
    mistakes.push(`moves of ${cross} and ${nought} do not alternate`);
  const winner = winnerOf(moves);
  const { why } = ending ?? {};
  if (why === 'line' && winner !== ending?.winner) mistakes.push(`${ending?.winner} won against the rules`);
  if (why !== 'line' && winner !== undefined) mistakes.push(`${winner} had won, and the game went on`);
  if (why === 'draw' && moves.length < 9) mistakes.push(`a game was drawn after ${moves.length} moves`);
  if (why === 'time' && ending?.winner !== (moves.length % 2 === 0 ? nought : cross))
    mistakes.push(`${ending?.winner} won by the clock of another`);
  return mistakes;
}

/** Whose cells add up to 15 in a magic square has three in a row. */
function winnerOf(moves: Board['moves']): string | undefined {
  const SQUARE = [2, 7, 6, 9, 5, 1, 4, 3, 8];
  for (const player of new Set(moves.map((move) => move.player))) {
    const own = moves.filter((move) => move.player === player).map(({ cell }) => SQUARE[cell] as number);
    const isLine = own.some((a, i) => own.some((b, j) => own.some((c, k) => i < j && j < k && a + b + c === 15)));
    if (isLine) return player;
  }
  return undefined;
}

/** Every game that is over is counted once for each of its players, so that as many are won as are lost. */
function miscounted({ name, won, lost, drawn, isFree }: Score, games: readonly Board[]): readonly string[] {
  const own = games.filter(({ cross, nought, ending }) => ending !== undefined && (cross === name || nought === name));
  const wins = own.filter(({ ending }) => ending?.winner === name).length;
  const draws = own.filter(({ ending }) => ending?.winner === undefined).length;
  const expected = `${wins} won, ${own.length - wins - draws} lost, ${draws} drawn`;
  const found = `${won} won, ${lost} lost, ${drawn} drawn`;
  return [
    ...(expected === found ? [] : [`${name} has ${found} in place of ${expected}`]),
    ...(isFree ? [] : [`${name} still plays`]),
  ];
}
