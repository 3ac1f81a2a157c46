import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime, isMoonpoolError, sqlite } from 'moonpool';
import { Bot } from './bot';
import { CallCounter } from './call-counter';
import type { LobbyKey, Result } from './contest';
import { Game, type Board } from './game';
import { keepWatch } from './keep-watch';
import { Lobby } from './lobby';
import { Player } from './player';
import { Referee } from './referee';

const LOBBIES: readonly LobbyKey[] = [
  ['eu', 'blitz'],
  ['us', 'blitz'],
];
const PLAYERS = 24;
const GAMES_EACH = 2;
const SHOWN = 8;
/** Goes away in the middle of a game. */
const SLEEPER = 'player 7';

/** Two processes, two lobbies, two dozen players, and a table of what became of them. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  const counter = new CallCounter();
  const north = await startNode('north', folder, counter);
  const south = fork(__filename, ['south', folder]);
  try {
    await once(south, 'message');
    await lonelySeek(north);
    const names = Array.from({ length: PLAYERS }, (_, at) => `player ${at + 1}`);
    say(`${PLAYERS} players seek ${GAMES_EACH} games each in ${LOBBIES.length} lobbies`);
    const games = new Map<string, Board>();
    await Promise.all(
      names.map((name, at) => playEvening(north, name, LOBBIES[at % LOBBIES.length] as LobbyKey, games)),
    );
    tellOf([...games.values()]);
    say(`north served most on behalf of ${counter.busiest()}`);
    await printTable(north, names, games.size);
  } finally {
    south.disconnect();
    await once(south, 'exit');
    await north.shutdown();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nobody else is there yet: the call is cancelled, and the player is in no queue any more. */
async function lonelySeek(node: ActorRuntime): Promise<void> {
  const game = await botOf(node, 'early bird', new Map()).seek(['eu', 'blitz'], 200);
  const { isFree } = await node.actor(Player, 'early bird').score();
  say(`early bird found ${game === undefined ? 'nobody' : 'a game'} and ${isFree ? 'has left' : 'still waits'}`);
}

async function playEvening(
  node: ActorRuntime,
  name: string,
  lobby: LobbyKey,
  games: Map<string, Board>,
): Promise<void> {
  const bot = botOf(node, name, games);
  for (let count = 0; count < GAMES_EACH; count++) {
    const game = await bot.seek(lobby, 800);
    if (game === undefined || (await bot.play(game, name === SLEEPER ? 1 : undefined)) === undefined) return;
  }
}

function botOf(node: ActorRuntime, name: string, games: Map<string, Board>): Bot {
  return new Bot(name, node.actor(Player, name), {
    sleep: (ms) => sleep(ms),
    below: (bound) => Math.floor(Math.random() * bound),
    onBoard: (game, board) => void games.set(game, board),
  });
}

function tellOf(boards: readonly Board[]): void {
  const onNorth = boards.filter(({ node }) => node === 'north').length;
  const late = boards.filter(({ ending }) => ending?.why === 'time').length;
  say(
    `${boards.length} games were played, ${onNorth} on north and ${boards.length - onNorth} on south; ${late} ended by the clock`,
  );
  const shown = boards.find(({ ending }) => ending?.why === 'line');
  if (shown === undefined) return;
  const cells = Array.from(
    { length: 9 },
    (_, cell) => 'XO'[shown.moves.findIndex((move) => move.cell === cell) % 2] ?? '.',
  );
  say(`one of them: X is ${shown.cross}, O is ${shown.nought}, and ${shown.ending?.winner} won`);
  for (const row of [0, 3, 6]) say(`  ${cells.slice(row, row + 3).join(' ')}`);
}

async function printTable(node: ActorRuntime, names: readonly string[], games: number): Promise<void> {
  const readAll = () => Promise.all(names.map((name) => node.actor(Player, name).score()));
  let scores = await readAll();
  // Who has gone away is known by the clock, and so may be the last to know.
  for (; scores.some(({ isFree }) => !isFree); scores = await readAll()) await sleep(50);
  say('the best     won  lost  drawn');
  const best = [...scores].sort((a, b) => b.won - a.won || a.lost - b.lost);
  for (const { name, won, lost, drawn } of best.slice(0, SHOWN)) {
    say(`${name.padEnd(12)} ${String(won).padStart(3)} ${String(lost).padStart(5)} ${String(drawn).padStart(6)}`);
  }
  const total = (result: Result): number => scores.reduce((sum, score) => sum + score[result], 0);
  say(`in all: ${games} games, ${total('won')} won, ${total('lost')} lost, ${total('drawn')} drawn`);
}

function startNode(name: string, folder: string, counter = new CallCounter()): Promise<ActorRuntime> {
  return ActorRuntime.start({
    namespace: 'games',
    name,
    actors: [Game, Lobby, Player, Referee],
    modules: [sqlite({ file: join(folder, 'games.db') })],
    incoming: [counter.filter],
    startup: [keepWatch(LOBBIES, 1_000)],
  });
}

async function runSouth(folder: string): Promise<void> {
  const runtime = await startNode('south', folder);
  process.once('disconnect', () => void runtime.shutdown());
  process.send?.('ready');
  await runtime.terminated;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [, , role, folder = ''] = process.argv;
(role === 'south' ? runSouth(folder) : main()).catch((error: unknown) => {
  process.stderr.write(`${isMoonpoolError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
