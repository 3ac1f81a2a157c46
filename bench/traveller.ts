import { Actor, Handler, Persist, type ActorState, type OnMigrate } from 'moonpool';

class Luggage {
  pieces = 0;
}

/** Has durable state, and something in memory alone that it takes along when it moves. It is first where it is called first. */
@Actor({ name: 'Traveller', placement: 'local' })
export class Traveller implements OnMigrate<number> {
  @Persist(Luggage) private readonly luggage!: ActorState<Luggage>;
  private greeted = 0;

  @Handler() async greet(): Promise<number> {
    return ++this.greeted + this.luggage.value.pieces;
  }
  onDehydrate(): number {
    return this.greeted;
  }
  onRehydrate(greeted: number): void {
    this.greeted = greeted;
  }
}
