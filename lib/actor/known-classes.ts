import { contributions } from '../injection/contribution-list';
import type { ActorClass } from './actor-reference';

/** The actor classes that a process knows, and that it hosts when it is a node: `contribute(Actors, Account)`. */
export const Actors = contributions<ActorClass>('Actors', { holdsValuesOnly: true });

/** The classes of observers that a process knows: those whose objects it has, and those that its actors call. */
export const Observers = contributions<ActorClass>('Observers', { holdsValuesOnly: true });
