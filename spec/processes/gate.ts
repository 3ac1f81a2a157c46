import { Actor, ActorContext, AlwaysInterleave, Handler, inject } from 'moonpool';

/** Where turns wait until a spec lets them go on, whichever process they run in. */
@Actor({ name: 'Gate' })
export class Gate {
  private isOpen = false;
  private readonly arrived: string[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @AlwaysInterleave() @Handler() async pass(who: string): Promise<void> {
    this.arrived.push(who);
    if (!this.isOpen) await new Promise<void>((go) => this.waiting.push(go));
  }
  @AlwaysInterleave() @Handler() async arrivals(): Promise<readonly string[]> {
    return this.arrived;
  }
  @AlwaysInterleave() @Handler() async open(): Promise<void> {
    this.isOpen = true;
    for (const go of this.waiting.splice(0)) go();
  }
}
