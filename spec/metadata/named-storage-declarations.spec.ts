import { expect } from 'chai';
import { Actor, Handler, Journal, JournalEvent, Observer, Persist, Reminder, StatelessWorker } from 'moonpool';
import type { ActorJournal, ActorState } from 'moonpool';
import type { Constructor } from '../../lib/injection/token';
import { describeActors } from '../../lib/metadata/discovery';

class Photo {
  width = 0;
}

@JournalEvent('seen')
class Seen {}

class Sights {
  count = 0;
  apply(_event: Seen): void {
    this.count++;
  }
}

function mistakesOf(actors: readonly Constructor<object>[], observers: readonly Constructor<object>[] = []): string {
  try {
    describeActors(actors, observers);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('A state in a named storage', () => {
  it('is noted with the name of its storage; the others have none', () => {
    @Actor({ name: 'Album' })
    class Album {
      @Persist(Photo, { storage: 'archive', name: 'p' }) readonly photo!: ActorState<Photo>;
      @Persist(Photo) readonly cover!: ActorState<Photo>;
      @Handler({ idempotent: true }) async work(): Promise<void> {}
    }
    const states = describeActors([Album]).get('Album')?.states ?? [];
    expect(states.map(({ name, storage }) => [name, storage])).to.deep.equal([
      ['p', 'archive'],
      ['cover', undefined],
    ]);
  });

  it('is refused with a storage that is no name', () => {
    @Actor({ name: 'Album' })
    class Album {
      @Persist(Photo, { storage: '' }) readonly photo!: ActorState<Photo>;
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf([Album])).to.match(/The option storage of @Persist of photo must be the name of a storage/);
  });

  it('must have a name that no other state of its class has, in whatever storage', () => {
    @Actor({ name: 'Album' })
    class Album {
      @Persist(Photo, { storage: 'archive', name: 'p' }) readonly photo!: ActorState<Photo>;
      @Persist(Photo, 'p') readonly cover!: ActorState<Photo>;
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf([Album])).to.include("Album has two states of the name 'p'");
  });

  it("is refused with persist: 'after-turn', with why and what to do", () => {
    @Actor({ name: 'Album', persist: 'after-turn' })
    class Album {
      @Persist(Photo, { storage: 'archive' }) readonly photo!: ActorState<Photo>;
      @Persist(Photo) readonly cover!: ActorState<Photo>;
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf([Album])).to.include(
      "Album is declared with persist: 'after-turn' and keeps its state 'photo' in the storage 'archive': a turn is one commit, and no commit goes to two storages. Use persist: 'explicit' and call persist() of each state, leave out `storage`, or give the state to an actor of its own.",
    );
    expect(mistakesOf([Album])).not.to.include("'cover'");
  });

  it('cannot stand beside a journal, which needs the turn to be one commit', () => {
    @Actor({ name: 'Album', persist: 'after-turn' })
    class Album {
      @Persist(Photo, { storage: 'archive' }) readonly photo!: ActorState<Photo>;
      @Journal(Sights, { events: [Seen] }) readonly sights!: ActorJournal<Sights>;
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf([Album])).to.match(/^.*One mistake was found[^]*no commit goes to two storages/);
  });

  it('remembers no answers and sets no reminders where all states are in named storages', () => {
    @Actor({ name: 'Frame' })
    class Frame {
      @Persist(Photo, { storage: 'archive' }) readonly photo!: ActorState<Photo>;
      @Handler({ idempotent: true }) async work(): Promise<void> {}
      @Reminder('dust') async dust(): Promise<void> {}
    }
    const mistakes = mistakesOf([Frame]);
    expect(mistakes).to.match(
      /idempotent handler 'work' and all its states in named storages: an answer is remembered in the default storage/,
    );
    expect(mistakes).to.match(/has @Reminder and all its states in named storages/);
  });

  it('is a state to observers and stateless workers, who have none', () => {
    @Observer({ name: 'Eye' })
    class Eye {
      @Persist(Photo, { storage: 'archive' }) readonly photo!: ActorState<Photo>;
      @Handler() async work(): Promise<void> {}
    }
    @Actor({ name: 'Hand' })
    @StatelessWorker()
    class Hand {
      @Persist(Photo, { storage: 'archive' }) readonly photo!: ActorState<Photo>;
      @Handler() async work(): Promise<void> {}
    }
    const mistakes = mistakesOf([Hand], [Eye]);
    expect(mistakes).to.match(/Eye is a class of observers and has @Persist/);
    expect(mistakes).to.match(/Hand is a stateless worker and has @Persist/);
  });
});
