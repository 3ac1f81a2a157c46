import type { StatelessWorkerOptions } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteStatelessWorker } from '../lib/metadata/metadata-store';

/**
 * Marks a class of actors without state of their own, of which a node may have several for one key: calls go to the calling
 * node if it hosts the class, otherwise to one that placement chooses for each call, and there to whoever is free. Turns of
 * one of them still follow each other; what it keeps in its fields is a cache that the next call may not find.
 */
export function StatelessWorker(options: StatelessWorkerOptions = {}): ClassDecorator {
  refuseBare('@StatelessWorker', 'class', arguments);
  return (type, ...context: readonly unknown[]) => {
    requireExperimentalDecorators('@StatelessWorker', context[0]);
    noteStatelessWorker(type, options);
  };
}
