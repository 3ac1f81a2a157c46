import type { ActorClass } from 'moonpool';
import { Agent } from './agent';
import { Relaxed, Strict, Traveller } from './chain-actors';
import { Shop } from './faulty-actors';
import { Gate } from './gate';
import { Clock, Guest, Ledger, Stillborn, Witness } from './life-actors';
import { Grinder, Library } from './turn-actors';
import { Postman } from './value-actors';

/** What every process of these specs knows. */
export const ACTORS: readonly ActorClass[] = [
  Agent,
  Clock,
  Gate,
  Grinder,
  Guest,
  Ledger,
  Library,
  Postman,
  Relaxed,
  Shop,
  Stillborn,
  Strict,
  Traveller,
];
export const OBSERVERS: readonly ActorClass[] = [Witness];
