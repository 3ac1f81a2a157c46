import { Actor, ActorContext, Handler, inject, Observer, ObserverSet } from 'moonpool';

/** Sees what is said in a room. */
@Observer({ name: 'Listener' })
export class Listener {
  readonly heard: string[] = [];

  constructor(private readonly onHeard: (line: string) => void = () => undefined) {}

  @Handler() async said(line: string): Promise<string> {
    this.heard.push(line);
    this.onHeard(line);
    return `heard ${line}`;
  }
}

/** Tells everybody who listens what is said. It must not be let go of between two renewals: who listens is known to its activation alone. */
@Actor({ name: 'Room', idleTimeoutMs: 60_000 })
export class Room {
  private readonly listeners: ObserverSet<Listener>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.listeners = new ObserverSet(context, 2_000);
  }

  @Handler() async join(listener: string): Promise<void> {
    this.listeners.subscribe(this.context.actor(Listener, listener));
  }
  @Handler() async leave(listener: string): Promise<void> {
    this.listeners.unsubscribe(this.context.actor(Listener, listener));
  }
  @Handler() async say(line: string): Promise<number> {
    return this.listeners.notify((listener) => listener.said(line), 2_000);
  }
  @Handler() async ask(listener: string, line: string): Promise<string> {
    return this.context.actor(Listener, listener).said(line);
  }
  @Handler() async size(): Promise<number> {
    return this.listeners.size;
  }
  @Handler() async has(listener: string): Promise<boolean> {
    return this.listeners.has(this.context.actor(Listener, listener));
  }
  @Handler() async move(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}
