import { declareService } from '../services/service-declaration';
import type { DirectoryPort } from './directory-port';
import { askRequestIn, rangesRequestIn, type AskAnswer, type RangesAnswer } from './directory-requests';

/** What nodes ask each other where the directory is partitioned among them. Nodes of the cluster alone may ask. */
export class DirectoryService {
  constructor(private readonly port: DirectoryPort) {}

  /** Looks up, registers and unregisters actors of ranges that this node owns. @throws MoonpoolError INVALID_OPTION, RUNTIME_NOT_READY */
  async ask(request: unknown): Promise<AskAnswer> {
    return this.port.host.ask(askRequestIn(request));
  }

  /** Tells the owner of ranges what is in them. @throws MoonpoolError INVALID_OPTION, RUNTIME_NOT_READY */
  async tell(request: unknown): Promise<RangesAnswer> {
    return this.port.host.tell(rangesRequestIn(request));
  }
}

declareService(DirectoryService, 5, ['ask', 'tell']);
