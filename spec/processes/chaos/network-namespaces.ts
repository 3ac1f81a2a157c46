import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import type { Cable, ChaosNetwork, NetworkPlace } from './chaos-network';
import { CuttableNetwork } from './cuttable-network';
import type { WayState } from './network-cut';

/** Begins the names of all namespaces, each followed by the process that made it. */
const PREFIX = 'moonpool-chaos-';
/** Where the kernel lists namespaces by name. */
const NAMED = '/run/netns';
/** Where the kernel lists the interfaces of this process's own namespace. */
const INTERFACES = '/sys/class/net';
/** Where a node listens, in a namespace of its own. */
const PORT = 7_000;
/** The addresses are of the range that is kept for measuring networks (RFC 2544), with a third part that tells campaigns apart. */
const RANGE = '198.18';
const [HOST, FIRST] = [1, 10];

/** A process with a namespace, by its name. */
interface Member {
  readonly namespace: string;
  readonly address: string;
  /** The end of its cable that is plugged in outside. */
  readonly plug: string;
}

/**
 * A network of Linux: each process in a network namespace of its own, with a cable (a pair of virtual interfaces) to a bridge. What a cut takes away the
 * kernel loses: the sender has no route to the other any more. So connections stay open and nobody is told, as with a switch that dies. Needs root and `ip`.
 */
export class NetworkNamespaces extends CuttableNetwork implements ChaosNetwork {
  readonly kind = 'namespaces';
  private readonly id = process.pid.toString(36);
  private readonly bridge = `mp${this.id}.b`;
  private readonly subnet = `${RANGE}.${process.pid % 256}`;
  private readonly members = new Map<string, Member>();
  /** Ways that have no route at present, as `from>to`, each with the kind of route in its place. */
  private readonly closed = new Map<string, string>();

  private constructor() {
    super();
  }

  /** Why this machine has no such network, as a clause; undefined: it has. */
  static whyNot(): string | undefined {
    if (process.platform !== 'linux') return 'needs Linux';
    if (process.getuid?.() !== 0) return 'needs root';
    const trial = `${PREFIX}${process.pid}-trial`;
    const added = run(['netns', 'add', trial]);
    if (added !== undefined) return `needs \`ip netns\`, which said: ${added}`;
    const veth = `mpt${process.pid.toString(36)}`;
    const joined = run(['link', 'add', veth, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', trial]);
    const bridged = run(['link', 'add', `${veth}b`, 'type', 'bridge']);
    run(['link', 'del', `${veth}b`]);
    run(['netns', 'del', trial]);
    const refused = joined ?? bridged;
    return refused === undefined ? undefined : `needs virtual interfaces and bridges, and \`ip\` said: ${refused}`;
  }

  /** @throws Error with what `ip` said. */
  static open(): NetworkNamespaces {
    removeLeftovers();
    const network = new NetworkNamespaces();
    must(['link', 'add', network.bridge, 'type', 'bridge']);
    must(['addr', 'add', `${network.host}/24`, 'dev', network.bridge]);
    must(['link', 'set', network.bridge, 'up']);
    return network;
  }

  get host(): string {
    return `${this.subnet}.${HOST}`;
  }

  async place(name: string, role: 'node' | 'client'): Promise<NetworkPlace> {
    const index = this.members.size;
    const namespace = `${PREFIX}${process.pid}-${name}`;
    const member = { namespace, address: `${this.subnet}.${FIRST + index}`, plug: `mp${this.id}.${index}` };
    this.members.set(name, member);
    must(['netns', 'add', namespace]);
    must(['link', 'add', member.plug, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
    must(['link', 'set', member.plug, 'master', this.bridge, 'up']);
    must(['-n', namespace, 'addr', 'add', `${member.address}/24`, 'dev', 'eth0']);
    must(['-n', namespace, 'link', 'set', 'lo', 'up']);
    must(['-n', namespace, 'link', 'set', 'eth0', 'up']);
    const address = `${member.address}:${PORT}`;
    return {
      command: ['ip', 'netns', 'exec', namespace, process.execPath],
      ...(role === 'node' ? { node: { listen: address, advertise: address } } : {}),
    };
  }

  cableOf(name: string): Cable | undefined {
    const member = this.members.get(name);
    if (member === undefined) return undefined;
    return {
      unplug: () => must(['link', 'set', member.plug, 'down']),
      plug: () => must(['link', 'set', member.plug, 'up']),
    };
  }

  override heal(): void {
    super.heal();
    for (const name of this.members.keys()) this.cableOf(name)?.plug();
  }

  async close(): Promise<void> {
    for (const { namespace } of this.members.values()) run(['netns', 'del', namespace]);
    removeInterfaces(this.id);
  }

  /** Brings the routes of all members up to date with the cuts. */
  protected override apply(): void {
    for (const [from, { namespace }] of this.members)
      for (const [to, { address }] of this.members) {
        const way = `${from}>${to}`;
        const [present, wanted] = [this.closed.get(way), routeInPlace(this.stateOf({ from, to }))];
        if (present === wanted) continue;
        if (present !== undefined) must(['-n', namespace, 'route', 'del', present, `${address}/32`]);
        if (wanted === undefined) this.closed.delete(way);
        else {
          must(['-n', namespace, 'route', 'add', wanted, `${address}/32`]);
          this.closed.set(way, wanted);
        }
      }
  }
}

/** Both lose what is sent; where a way is broken, whoever dials is told at once. */
function routeInPlace(state: WayState): 'unreachable' | 'blackhole' | undefined {
  if (state === 'open') return undefined;
  return state === 'broken' ? 'unreachable' : 'blackhole';
}

/** What campaigns left that were killed. */
function removeLeftovers(): void {
  // There is no such folder where there has never been a namespace.
  for (const name of existsSync(NAMED) ? readdirSync(NAMED) : []) {
    const owner = /^moonpool-chaos-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    run(['netns', 'del', name]);
    removeInterfaces(Number(owner).toString(36));
  }
}

/** The bridge and the cables of a campaign. A namespace takes its end of a cable with it, but not at once. */
function removeInterfaces(id: string): void {
  for (const name of readdirSync(INTERFACES)) if (name.startsWith(`mp${id}.`)) run(['link', 'del', name]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs `ip`. @returns what it said when it refused. */
function run(args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : stderr.trim() || `status ${status}`;
}

function must(args: readonly string[]): void {
  const refused = run(args);
  if (refused !== undefined) throw new Error(`ip ${args.join(' ')} said: ${refused}`);
}
