import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorDirectory } from './actor-directory';
import type { AskAnswer, AskRequest, RangesAnswer, RangesRequest } from './directory-requests';

/** The part of the directory that a node keeps, as others ask it. */
export interface DirectoryHost {
  /** Does what is to be done with actors of its ranges. */
  ask(request: AskRequest): Promise<AskAnswer>;
  /** Says what is in ranges that the asking node owns now. */
  tell(request: RangesRequest): Promise<RangesAnswer>;
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

  /** @throws MoonpoolError RUNTIME_NOT_READY in a process that keeps no part of it. */
  get host(): DirectoryHost {
    if (this.connected === undefined) throw notReady();
    return this.connected;
  }
}

function notReady(): MoonpoolError {
  return new MoonpoolError('RUNTIME_NOT_READY', { message: 'This process keeps no part of the directory yet' });
}
