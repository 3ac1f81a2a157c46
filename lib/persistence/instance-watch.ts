import { MoonpoolError } from '../errors/moonpool-error';
import { token, type Constructor } from '../injection/token';
import { remedyOfLoss, tellLost, wordsOfLoss, type LostInstance } from '../metadata/lost-instance';
import type { Logger } from '../observability/logger';

/** So many values of a class are looked through first, each. */
const FIRST_LOOKS = 64;

/** And then one of so many, which costs nothing that could be measured. */
const LATER_LOOKS = 256;

/** How many fields are told of at most: what has no end of classes will not have one of lines. */
const MAX_TOLD = 200;

/**
 * Looks whether what is written has objects in it that would come back without their class. In memory they are still what they were, so the loss shows only when the actor
 * is activated elsewhere, or when a turn is undone: far from whoever forgot the `@Type`.
 */
export interface InstanceWatch {
  /** A value of the class was written as bytes: true when it should be looked through, see `persistence.checksInstances`. */
  isDue(type: Constructor<object>): boolean;
  /**
   * Looks through a value that was written as bytes.
   * @param whose it is, as the beginning of a sentence. @throws MoonpoolError UNSERIALIZABLE_VALUE where that is checked
   */
  look(type: Constructor<object>, value: object, whose: string): void;
}
export const InstanceWatch = token<InstanceWatch>('InstanceWatch');

/** Refuses each value that would not come back whole. */
export class StrictInstanceWatch implements InstanceWatch {
  isDue(): boolean {
    return true;
  }

  look(type: Constructor<object>, value: object, whose: string): void {
    tellLost(type, value, (lost) => {
      throw new MoonpoolError('UNSERIALIZABLE_VALUE', {
        message: `${whose} ${wordsOfLoss(lost)}`,
        executed: 'yes',
        remedy: remedyOfLoss(lost),
      });
    });
  }
}

/** Looks through some of the values, and tells the log of each field and class once. */
export class SampledInstanceWatch implements InstanceWatch {
  private readonly looks = new Map<Constructor<object>, { count: number }>();
  private readonly told = new Set<string>();

  constructor(private readonly logger: Logger) {}

  isDue(type: Constructor<object>): boolean {
    let looks = this.looks.get(type);
    if (looks === undefined) this.looks.set(type, (looks = { count: 0 }));
    return ++looks.count <= FIRST_LOOKS || looks.count % LATER_LOOKS === 0;
  }

  look(type: Constructor<object>, value: object, whose: string): void {
    tellLost(type, value, (lost) => this.tell(lost, whose));
  }

  private tell(lost: LostInstance, whose: string): void {
    const field = `${lost.place} ${lost.type}`;
    if (this.told.has(field) || this.told.size >= MAX_TOLD) return;
    this.told.add(field);
    this.logger.warn(`${whose} ${wordsOfLoss(lost)}. ${remedyOfLoss(lost)}`);
  }
}
