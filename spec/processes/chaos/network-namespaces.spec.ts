import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import type { NetworkPlace } from './chaos-network';
import type { Cut } from './network-cut';
import { NetworkNamespaces } from './network-namespaces';

/** Answers each line that comes over a connection. */
const ECHO = `require('net').createServer((socket) => socket.pipe(socket)).listen({ port: +process.argv[2], host: process.argv[1] }, () => console.log('listens'))`;
/** Dials, and then says what came back within a moment of each line that it is told to send, or why it could not dial. */
const ASK = `
const [host, port] = process.argv.slice(1);
const socket = require('net').connect({ host, port: +port });
let heard = '';
socket.on('connect', () => console.log('connected')).on('error', ({ code }) => console.log(code)).on('data', (bytes) => (heard += bytes));
process.stdin.on('data', (line) => {
  heard = '';
  socket.write(line);
  setTimeout(() => console.log(heard === '' ? 'nothing' : heard.trim()), 150);
});`;

describe('A network of namespaces', function () {
  let network: NetworkNamespaces;
  let node: NetworkPlace;
  let client: NetworkPlace;
  const processes: ChildProcess[] = [];

  before(async function () {
    // It says at the end of a campaign why there is none.
    if (NetworkNamespaces.whyNot() !== undefined) this.skip();
    network = NetworkNamespaces.open();
    node = await network.place('node', 'node');
    client = await network.place('client', 'client');
    await heard(run(node, ECHO, ...addressOf(node)));
  });
  afterEach(() => network.heal());
  after(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await network?.close();
  });

  function run(
    { command: [program, ...before] }: NetworkPlace,
    code: string,
    ...args: readonly string[]
  ): ChildProcess {
    const child = spawn(program, [...before, '-e', code, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    processes.push(child);
    return child;
  }

  function addressOf(place: NetworkPlace): readonly string[] {
    return place.node?.listen.split(':') ?? [];
  }

  async function heard({ stdout }: ChildProcess): Promise<string> {
    if (stdout === null) throw new Error('It has an output');
    const [bytes] = (await once(stdout, 'data')) as [Buffer];
    return bytes.toString().trim();
  }

  function dial(): ChildProcess {
    return run(client, ASK, ...addressOf(node));
  }

  async function ask(connection: ChildProcess, line: string): Promise<string> {
    connection.stdin?.write(`${line}\n`);
    return heard(connection);
  }

  const there = { from: 'client', to: 'node' };
  const back = { from: 'node', to: 'client' };
  const cuts: readonly (readonly [title: string, cut: Cut])[] = [
    ['one way', { kind: 'holds', ways: [there] }],
    ['the way back', { kind: 'holds', ways: [back] }],
    ['both ways', { kind: 'breaks', ways: [there, back] }],
  ];
  for (const [title, cut] of cuts)
    it(`loses what is sent while ${title} is cut, and connections outlive that`, async () => {
      const connection = dial();
      expect(await heard(connection)).to.equal('connected');
      expect(await ask(connection, 'before')).to.equal('before');
      network.begin(cut);
      expect(await ask(connection, 'in the midst')).to.equal('nothing');
      network.end(cut);
      // The kernel sends once more what was lost.
      let answer = 'nothing';
      while (answer === 'nothing') answer = await ask(connection, 'after');
      expect(answer).to.match(/after$/);
    });

  it('refuses whoever dials where a way is broken', async () => {
    network.begin({ kind: 'breaks', ways: [there, back] });
    expect(await heard(dial())).to.equal('EHOSTUNREACH');
  });

  it('has a cable for each process, which can be pulled', async () => {
    const connection = dial();
    expect(await heard(connection)).to.equal('connected');
    network.cableOf('node')?.unplug();
    expect(await ask(connection, 'in the midst')).to.equal('nothing');
    network.heal();
    let answer = 'nothing';
    while (answer === 'nothing') answer = await ask(connection, 'after');
    expect(answer).to.match(/after$/);
  });
});
