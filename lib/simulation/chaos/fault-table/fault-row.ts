import type { ChaosProfile } from '../profile/chaos-profile';
import type { FaultWords } from './fault-words';

/** One fault of the simulated world, as `docs/fault-injection.md` lists it. */
export interface FaultRow {
  /** The site of its rolls: the timeline, reports and replay files name it so. */
  readonly name: string;
  /** The field of the profile with its figures. The faults of a family are switched on and off together. */
  readonly family: keyof ChaosProfile;
  /** What happens, and to whom. */
  readonly effect: string;
  /** What happened, and to whom: a sentence without its full stop. Figures that are always there strike nobody, and are not told. */
  readonly says?: FaultWords;
  /** Its figures under `default`. */
  readonly byDefault: string;
  /** The ranges from which each seed draws its figures under `hostile`. */
  readonly hostile: string;
}
