import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  Observer,
  ObserverSet,
  Persist,
  Timer,
  type ActorReference,
} from 'moonpool';
import { Gate } from './gate';
import { note } from './node-journal';

class Stays {
  /** The nodes on which the guest was, in order. */
  nodes: string[] = [];
  closing = '';
}

/** Which activation served a call. */
export interface Stay {
  readonly node: string;
  /** Tells activations apart. */
  readonly activation: string;
  /** All nodes so far, this one included. */
  readonly nodes: readonly string[];
}

let activations = 0;

/** Comes and goes, and remembers where it has been. */
@Actor({ name: 'Guest' })
export class Guest {
  @Persist(Stays) private readonly stays!: ActorState<Stays>;
  private activation = '';
  private closing = '';
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    const { node, key } = this.context;
    this.activation = `${node.name}#${node.incarnation}.${++activations}`;
    note(key, 'activated', node.name);
    this.stays.value.nodes.push(node.name);
    await this.stays.persist();
  }
  async onDeactivate(): Promise<void> {
    if (this.closing !== '') await this.context.actor(Gate, this.closing).pass(this.context.node.name);
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async stay(): Promise<Stay> {
    return { node: this.context.node.name, activation: this.activation, nodes: this.stays.value.nodes };
  }
  @Handler() async remark(what: string): Promise<void> {
    note(this.context.key, what, this.context.node.name);
  }
  /** Goes; with a gate, it has gone only when that is open. */
  @Handler() async leave(gate?: string): Promise<void> {
    this.closing = gate ?? '';
    this.context.deactivateOnIdle();
  }
}

/** Cannot be activated, which is known only when the gate with its key is open. */
@Actor({ name: 'Stillborn' })
export class Stillborn {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    const { node, key } = this.context;
    note(key, 'tried', node.name);
    await this.context.actor(Gate, key).pass(node.name);
    throw new RangeError(`no life on ${node.name}`);
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

class Book {
  entries: number[] = [];
}

/** Writes each entry down before it answers. */
@Actor({ name: 'Ledger' })
export class Ledger {
  @Persist(Book) private readonly book!: ActorState<Book>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async enter(entry: number): Promise<string> {
    this.book.value.entries.push(entry);
    await this.book.persist();
    return this.context.node.name;
  }
  @Handler() async entries(): Promise<readonly number[]> {
    return this.book.value.entries;
  }
}

/** Sees what happens on nodes, from where it lives. */
@Observer({ name: 'Witness' })
export class Witness {
  readonly seen: { readonly node: string; readonly what: string }[] = [];

  @Handler() async saw(node: string, what: string): Promise<string> {
    this.seen.push({ node, what });
    return `${what} noted`;
  }
}

/** Ticks while it is active, and tells a witness of each tick. */
@Actor({ name: 'Clock' })
export class Clock {
  private readonly witnesses: ObserverSet<Witness>;
  private ticks = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.witnesses = new ObserverSet(context, 30_000);
  }

  @Timer({ everyMs: 20 }) async tick(): Promise<void> {
    const { node } = this.context;
    const what = `${node.incarnation} ${++this.ticks}`;
    await this.witnesses.notify((witness) => witness.saw(node.name, what), 1_000);
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async show(witness: ActorReference<Witness>): Promise<string> {
    this.witnesses.subscribe(witness);
    return this.context.node.name;
  }
  @Handler() async tell(what: string): Promise<number> {
    return this.witnesses.notify((witness) => witness.saw(this.context.node.name, what), 2_000);
  }
  @Handler() async ask(witness: ActorReference<Witness>, what: string): Promise<string> {
    return witness.saw(this.context.node.name, what);
  }
}
