import './chat-simulation';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { ActorRuntime, memory } from 'moonpool';
import { WebSocket } from 'ws';
import { ChatMember, type MemberPart } from './chat-member';
import { isChatRefusal, LIMITS, type Line, type LinePage } from './chat-messages';
import { ChatRoom } from './chat-room';
import { FRAME_LIMIT, type GatewayFrame } from './frames';
import { Gateway } from './gateway';
import { Tab } from './tab';

const PAGE = resolve('samples', 'chat-room', 'page');
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const line = (number: number): Line => ({
  number,
  id: `message-${number}`,
  from: 'ann',
  text: `line ${number}`,
  saidAt: 0,
});
const saying = (number: number, seen = 0) => ({ id: `message-${number}`, from: 'ann', text: `line ${number}`, seen });

/** A tab without a page: what it was told, and waits for more. */
class TestTab {
  readonly frames: GatewayFrame[] = [];
  closeCode: number | undefined;
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString('utf8')) as GatewayFrame));
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  static async open(url: string, origin?: string): Promise<TestTab> {
    const tab = new TestTab(new WebSocket(`${url.replace('http', 'ws')}/chat`, origin === undefined ? {} : { origin }));
    await once(tab.socket, 'open');
    return tab;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  join(name: string, after = 0): void {
    this.send({ kind: 'join', room: 'lobby', name, after });
  }

  get lines(): readonly Line[] {
    return this.frames.flatMap((frame) => (frame.kind === 'lines' ? frame.lines : []));
  }

  get present(): readonly string[] {
    return this.frames.flatMap((frame) => (frame.kind === 'news' ? [frame.present] : [])).at(-1) ?? [];
  }

  get refusals(): readonly string[] {
    return this.frames.flatMap((frame) => (frame.kind === 'refused' ? [frame.reason] : []));
  }

  /** Resolves when it is so; fails with what was told so far when it does not come true. */
  async until(isSo: (tab: this) => boolean, limitMs = 8_000): Promise<void> {
    for (let waitedMs = 0; !isSo(this); waitedMs += 5) {
      if (waitedMs > limitMs) throw new Error(`was told ${JSON.stringify(this.frames)}, close code ${this.closeCode}`);
      await sleep(5);
    }
  }
}

describe('A chat room', () => {
  let runtime: ActorRuntime;
  beforeEach(async () => {
    runtime = await ActorRuntime.start({
      namespace: 'chat',
      name: 'north',
      actors: [ChatRoom],
      observers: [ChatMember],
      modules: [memory()],
    });
  });
  afterEach(() => runtime.shutdown());

  it('says a message once, however often it is sent', async () => {
    const room = runtime.actor(ChatRoom, 'lobby');
    expect((await room.say(saying(1))).number).to.equal(1);
    expect((await room.say(saying(2))).number).to.equal(2);
    expect((await room.say(saying(1))).number).to.equal(1);
    const { lines } = await room.history({ after: 0 });
    expect(lines.map(({ text }) => text)).to.deep.equal(['line 1', 'line 2']);
  });

  it('keeps the last lines, and refuses a message when it cannot tell whether it was said', async () => {
    const room = runtime.actor(ChatRoom, 'lobby');
    for (let number = 1; number <= LIMITS.lines + 10; number++) await room.say(saying(number, number - 1));
    const page = await room.history({ after: 0 });
    expect(page).to.include({ first: 11, last: LIMITS.lines + 10 });
    expect(page.lines.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: LIMITS.page }, (_, at) => 11 + at),
    );
    expect((await room.history({ after: LIMITS.lines + 5 })).lines).to.have.length(5);
    expect((await room.history({ after: LIMITS.lines + 10 })).lines).to.have.length(0);
    const error: unknown = await room.say(saying(3, 2)).catch((failure: unknown) => failure);
    expect(isChatRefusal(error) && error.reason).to.equal('too-late');
    expect((await room.say(saying(12, 11))).number).to.equal(12);
    expect((await room.say({ ...saying(9), id: 'another-one', seen: 10 })).number).to.equal(LIMITS.lines + 11);
  });

  it('refuses what is blank, too long or of another shape', async () => {
    const room = runtime.actor(ChatRoom, 'lobby');
    for (const wrong of [
      { text: ' \n\u200b' },
      { text: 'x'.repeat(LIMITS.textLength + 1) },
      { from: '' },
      { from: 'a\u202eb' },
      { id: 'short' },
      { seen: -1 },
      { more: 1 },
    ]) {
      const error: unknown = await room.say({ ...saying(1), ...wrong }).catch((failure: unknown) => failure);
      expect(error, JSON.stringify(wrong)).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
    }
    expect((await room.history({ after: 0 })).last).to.equal(0);
  });
});

describe('A member of a chat room', () => {
  const part = (history: readonly Line[], first = 1) => {
    const heard: number[] = [];
    const missed: string[] = [];
    const asked: number[] = [];
    const parts: MemberPart = {
      hear: (lines) => void heard.push(...lines.map(({ number }) => number)),
      hearNews: () => undefined,
      miss: (from, to) => void missed.push(`${from}-${to}`),
      ask: async (after): Promise<LinePage> => {
        asked.push(after);
        return {
          lines: history.filter(({ number }) => number > after && number >= first).slice(0, 2),
          first,
          last: history.length,
        };
      },
    };
    return { parts, heard, missed, asked };
  };
  const history = [1, 2, 3, 4, 5].map(line);

  it('asks for what it was not told, and hears everything in order', async () => {
    const { parts, heard, asked } = part(history);
    const member = new ChatMember(parts);
    await member.said(line(1));
    await member.said(line(5));
    await member.said(line(2));
    await sleep(5);
    await member.said(line(3));
    expect(heard).to.deep.equal([1, 2, 3, 4, 5]);
    expect(asked[0]).to.equal(1);
  });

  it('learns by the news that it missed the last line', async () => {
    const { parts, heard } = part(history);
    const member = new ChatMember(parts, 4);
    await member.news({ node: 'north', last: 5, present: [] });
    await sleep(5);
    expect(heard).to.deep.equal([5]);
  });

  it('learns which lines are kept no more', async () => {
    const { parts, heard, missed } = part(history, 4);
    const member = new ChatMember(parts, 1);
    await member.news({ node: 'north', last: 5, present: [] });
    await sleep(5);
    expect(missed).to.deep.equal(['2-3']);
    expect(heard).to.deep.equal([4, 5]);
  });

  it('tries again with the next news when nobody answers', async () => {
    const { parts, heard } = part(history);
    let isFailing = true;
    const member = new ChatMember({
      ...parts,
      ask: (after) => (isFailing ? Promise.reject(new Error('no answer')) : parts.ask(after)),
    });
    await member.news({ node: 'north', last: 5, present: [] });
    await sleep(5);
    expect(heard).to.deep.equal([]);
    isFailing = false;
    await member.news({ node: 'south', last: 5, present: [] });
    await sleep(5);
    expect(heard).to.deep.equal([1, 2, 3, 4, 5]);
  });
});

describe('The gateway of a chat', () => {
  let runtime: ActorRuntime;
  let gateway: Gateway;
  beforeEach(async () => {
    runtime = await ActorRuntime.start({
      namespace: 'chat',
      name: 'north',
      actors: [ChatRoom],
      observers: [ChatMember],
      modules: [memory()],
    });
    gateway = await Gateway.open(runtime, 0);
  });
  afterEach(async () => {
    await gateway.close();
    await runtime.shutdown();
  });

  it('refuses bad frames with a reason, and goes on', async () => {
    const tab = await TestTab.open(gateway.url);
    tab.socket.send('{');
    tab.socket.send(Buffer.from([1, 2, 3]));
    tab.send([]);
    tab.send({ kind: 'shout' });
    tab.send({ kind: 'say', id: 'message-1', text: 'hello', seen: 0 });
    tab.send({ kind: 'join', room: 'No Such Room', name: 'ann', after: 0 });
    tab.send({ kind: 'join', room: 'lobby', name: '', after: 0 });
    tab.socket.send('x'.repeat(FRAME_LIMIT + 1));
    tab.join('ann');
    tab.join('ann');
    tab.send({ kind: 'say', id: 'message-1', text: '  ', seen: 0 });
    tab.send({ kind: 'say', id: 'message-1', text: 'hello', seen: 0 });
    await tab.until(({ lines }) => lines.length === 1);
    expect(tab.refusals).to.deep.equal([
      'no-json',
      'no-json',
      'no-json',
      'unknown-kind',
      'out-of-place',
      'invalid',
      'invalid',
      'too-large',
      'out-of-place',
      'invalid',
    ]);
    expect(tab.frames).to.deep.include({
      kind: 'refused',
      reason: 'invalid',
      id: 'message-1',
      message: 'A message must not be blank.',
    });
  });

  it('closes a connection that sends nothing but nonsense, and one that sends too much at once', async () => {
    const babbler = await TestTab.open(gateway.url);
    for (let count = 0; count < 30; count++) babbler.socket.send('?');
    const flooder = await TestTab.open(gateway.url);
    flooder.socket.send('x'.repeat(100_000));
    await babbler.until(({ closeCode }) => closeCode === 1008);
    await flooder.until(({ closeCode }) => closeCode === 1009);
  });

  it('lets a tab have some messages on their way, and not more', async () => {
    const tab = await TestTab.open(gateway.url);
    tab.join('ann');
    // However slowly the room answers, fewer are refused than cost a tab its connection.
    for (let number = 0; number < 34; number++)
      tab.send({ kind: 'say', id: `message-${number}`, text: 'hello', seen: 0 });
    await tab.until(({ frames }) => frames.filter(({ kind }) => kind === 'said' || kind === 'refused').length === 34);
    expect(tab.refusals).to.include('too-fast').and.have.length.below(19);
    await tab.until(({ lines, refusals }) => lines.length === 34 - refusals.length);
    expect(tab.lines.map(({ number }) => number)).to.deep.equal(tab.lines.map((_, at) => at + 1));
  });

  it('drops a tab that does not read what it is told', async () => {
    let isDropped = false;
    const socket = Object.assign(new EventEmitter(), {
      readyState: WebSocket.OPEN,
      bufferedAmount: 0,
      send: () => undefined,
      close: () => undefined,
      terminate: () => (isDropped = true),
    });
    // Only what a tab uses of a socket: a real one would need megabytes until its buffers are full.
    const tab = new Tab(socket as unknown as WebSocket, { runtime, gateways: () => [] });
    const frame = Buffer.from(JSON.stringify({ kind: 'join', room: 'lobby', name: 'ann', after: 0 }));
    socket.emit('message', frame, false);
    expect(isDropped).to.equal(false);
    socket.bufferedAmount = 1_000_000;
    socket.emit('message', frame, false);
    expect(isDropped).to.equal(true);
    tab.close();
  });

  it('tells a tab that knows another room of that name to begin again', async () => {
    const tab = await TestTab.open(gateway.url);
    tab.join('ann', 17);
    await tab.until(({ frames }) => frames.some(({ kind }) => kind === 'again'));
    tab.send({ kind: 'say', id: 'message-1', text: 'hello', seen: 0 });
    await tab.until(({ lines }) => lines.length === 1);
  });

  it('says that the room cannot be reached, and lets the tab in when it can', async () => {
    const parts = { namespace: 'late', actors: [ChatRoom], observers: [ChatMember], modules: [memory()] };
    const client = await ActorRuntime.connect(parts);
    const lonely = await Gateway.open(client, 0);
    const tab = await TestTab.open(lonely.url);
    tab.join('ann');
    tab.send({ kind: 'say', id: 'message-1', text: 'is anybody here?', seen: 0 });
    await tab.until(({ frames }) => frames.at(-1)?.kind === 'away');
    const node = await ActorRuntime.start({ ...parts, name: 'late' });
    await tab.until(({ lines, present }) => lines.length === 1 && present.join() === 'ann');
    expect(tab.frames.filter(({ kind }) => kind === 'away')).to.have.length(1);
    await lonely.close();
    await client.shutdown();
    await node.shutdown();
  });

  it('tells a tab when its room is full', async () => {
    const silent: MemberPart = {
      hear: () => undefined,
      hearNews: () => undefined,
      miss: () => undefined,
      ask: () => Promise.reject(new Error('nobody asks')),
    };
    const room = runtime.actor(ChatRoom, 'lobby');
    for (let count = 0; count < LIMITS.members; count++)
      await room.join((await runtime.observe(new ChatMember(silent))).reference, { name: 'ann' });
    const tab = await TestTab.open(gateway.url);
    tab.join('ben');
    await tab.until(({ closeCode }) => closeCode === 1008);
    expect(tab.refusals).to.deep.equal(['room-full']);
  });

  it('says who is here, and forgets who has gone', async () => {
    const ann = await TestTab.open(gateway.url);
    const ben = await TestTab.open(gateway.url, gateway.url);
    ann.join('ann');
    ben.join('ben');
    await ann.until(({ present }) => present.join() === 'ann,ben');
    ben.socket.terminate();
    await ann.until(({ present }) => present.join() === 'ann');
  });

  it('lets in its own pages alone', async () => {
    const foreign = new WebSocket(`${gateway.url.replace('http', 'ws')}/chat`, { origin: 'http://elsewhere.example' });
    const [error] = (await once(foreign, 'error')) as [Error];
    expect(error.message).to.contain('403');
  });

  it('serves the page with a policy that lets nothing else in', async () => {
    gateway.gateways = [gateway.url, 'http://127.0.0.1:9'];
    const response = await fetch(`${gateway.url}/?x=1`);
    expect(response.headers.get('content-security-policy'))
      .to.match(/^default-src 'none'; script-src 'self';/)
      .and.contain('ws://127.0.0.1:9;');
    expect(await response.text()).to.contain('Moonpool chat');
    expect((await fetch(`${gateway.url}/../package.json`)).status).to.equal(404);
    expect((await fetch(gateway.url, { method: 'POST', body: 'x' })).status).to.equal(405);
  });
});

describe('The page of a chat', () => {
  it('has no way in which text becomes markup', () => {
    const script = readFileSync(join(PAGE, 'chat.js'), 'utf8');
    expect(script).to.not.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
    expect(readFileSync(join(PAGE, 'index.html'), 'utf8')).to.not.match(/<script(?![^>]* src=)|\son\w+=|\sstyle=/);
  });
});

describe('A chat on two processes', function () {
  this.timeout(30_000);
  let program: ChildProcess;
  let printed = '';
  beforeEach(() => {
    printed = '';
    program = fork(join(__dirname, 'start.js'), ['--ports', '0,0', '--seconds', '25'], { silent: true });
    for (const stream of [program.stdout, program.stderr])
      stream?.on('data', (text: Buffer) => (printed += text.toString()));
  });
  afterEach(() => void program.kill('SIGKILL'));

  it('goes on when one of them is killed: its tab goes over to the other and hears what it missed, and it is started again', async () => {
    for (let waitedMs = 0; !printed.includes('Ctrl-C') && waitedMs < 15_000; waitedMs += 20) await sleep(20);
    const nodes = [...printed.matchAll(/(http:\S+) +\((\w+), process (\d+)\)/g)].map(([, url, name, id]) => ({
      url: url as string,
      name,
      id: Number(id),
    }));
    expect(nodes, printed).to.have.length(2);
    const tabs = await Promise.all(nodes.map(({ url }) => TestTab.open(url)));
    tabs.forEach((tab, index) => tab.join(nodes[index]?.name ?? ''));
    for (const tab of tabs) await tab.until(({ present }) => present.join() === 'north,south');
    tabs.forEach((tab, index) =>
      tab.send({ kind: 'say', id: `message-${index}`, text: `hello from ${nodes[index]?.name}`, seen: 0 }),
    );
    for (const tab of tabs) await tab.until(({ lines }) => lines.length === 2);
    expect(tabs[0]?.lines).to.deep.equal(tabs[1]?.lines);

    // The one that the room does not live on, so that nobody has to wait until it is declared dead.
    const home = tabs[0]?.frames.flatMap((frame) => (frame.kind === 'news' ? [frame.node] : [])).at(-1);
    const dying = nodes.findIndex(({ name }) => name !== home);
    const [survivor, welcome] = [
      tabs[1 - dying] as TestTab,
      tabs[dying]?.frames.find(({ kind }) => kind === 'welcome'),
    ];
    expect(welcome).to.deep.include({ gateways: nodes.map(({ url }) => url) });
    process.kill(nodes[dying]?.id as number, 'SIGKILL');
    await tabs[dying]?.until(({ closeCode }) => closeCode === 1006);
    survivor.send({ kind: 'say', id: 'message-2', text: 'who is there?', seen: 2 });
    const again = await TestTab.open(nodes[1 - dying]?.url as string, nodes[dying]?.url);
    again.join('back', 2);
    for (const tab of [again, survivor]) await tab.until(({ lines }) => lines.at(-1)?.text === 'who is there?');
    expect(again.lines.map(({ number }) => number)).to.deep.equal([3]);

    const back = new RegExp(`${nodes[dying]?.name} is back at (http:\\S+), as process (\\d+)`);
    for (let waitedMs = 0; !back.test(printed) && waitedMs < 10_000; waitedMs += 20) await sleep(20);
    const [, url, id] = back.exec(printed) ?? [];
    expect(url, printed).to.equal(nodes[dying]?.url);
    expect(Number(id)).to.not.equal(nodes[dying]?.id);
    const returned = await TestTab.open(url as string, nodes[1 - dying]?.url);
    returned.join('returned', 3);
    await returned.until(({ present }) => present.includes('returned') && present.includes('back'));
    returned.send({ kind: 'say', id: 'message-3', text: 'hello again', seen: 3 });
    for (const tab of [returned, again, survivor]) await tab.until(({ lines }) => lines.at(-1)?.text === 'hello again');

    program.kill('SIGINT');
    const [code] = (await once(program, 'exit')) as [number];
    expect(code, printed).to.equal(0);
    await again.until(({ closeCode }) => closeCode === 1001);
    expect(printed).to.match(/has ended, by SIGKILL; it is started again/);
  });
});
