import type { DeadlineItem } from '../concurrency/deadline-queue';
import type { OpenCall } from './open-calls';

/**
 * Where a call stands in the queues that it waits in: by its deadline among all of its process, and among those of its turn. A
 * call carries its links, so that waiting takes no memory beside it. Written by those queues alone.
 */
export interface CallLink extends DeadlineItem {
  place: OpenCall['place'];
}
