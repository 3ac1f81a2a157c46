import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorDirectory } from './actor-directory';
import type { AskAnswer, AskRequest, RangesAnswer, RangesRequest } from './directory-requests';

/** What a node says of its part of the directory. A type and no interface, so that it is plain state to the compiler. */
export type DirectoryPartState = {
  /** The version of the view by which the ranges are divided. */
  readonly view: number;
  /** How many ranges this node owns, and of how many of them it knows what is in them. */
  readonly owned: number;
  readonly held: number;
  /** How many registrations there are in them. */
  readonly registrations: number;
  /** How many activations of this node are registered, here or elsewhere. */
  readonly own: number;
};

/** Where the directory is, and what this node keeps of it. */
export type DirectoryState = { readonly kind: 'stored' } | ({ readonly kind: 'partitioned' } & DirectoryPartState);

/** The part of the directory that a node keeps, as others ask it. */
export interface DirectoryHost {
  /** Does what is to be done with actors of its ranges. */
  ask(request: AskRequest): Promise<AskAnswer>;
  /** Says what is in ranges that the asking node owns now. */
  tell(request: RangesRequest): Promise<RangesAnswer>;
  describe(): DirectoryPartState;
}

/** The place at which services, which are made before it, find the directory and the part of it that this node keeps; it cuts the circle of both. */
export class DirectoryPort {
  private directory: Pick<ActorDirectory, 'lookup'> | undefined;
  private connected: DirectoryHost | undefined;

  connect(directory: Pick<ActorDirectory, 'lookup'>): void {
    this.directory = directory;
  }

  connectHost(host: DirectoryHost): void {
    this.connected = host;
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY, and as the directory does. */
  lookup(actor: string): ReturnType<ActorDirectory['lookup']> {
    return this.directory?.lookup(actor) ?? Promise.reject(notReady());
  }

  describe(): DirectoryState {
    return this.connected === undefined ? { kind: 'stored' } : { kind: 'partitioned', ...this.connected.describe() };
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY in a process that keeps no part of it. */
  get host(): DirectoryHost {
    if (this.connected === undefined) throw notReady();
    return this.connected;
  }
}

function notReady(): MoonpoolError {
  return new MoonpoolError('RUNTIME_NOT_READY', { message: 'This process keeps no part of the directory yet' });
}
