/** How fast a device is. Times are in milliseconds. */
export interface DeviceFigures {
  readonly readMs: readonly [low: number, high: number];
  readonly writeMs: readonly [low: number, high: number];
  readonly syncMs: readonly [low: number, high: number];
  /** How many operations it begins in a second. */
  readonly operationsPerSecond: number;
  /** How many bytes it moves in a second. */
  readonly bytesPerSecond: number;
}

/** How often an operation of a device fails. Probabilities are 0 to 1. */
export interface DeviceErrors {
  readonly readProbability: number;
  readonly writeProbability: number;
  readonly syncProbability: number;
}

/** How a device gets slow for a while. Probabilities are for each operation; times are in milliseconds. */
export interface DeviceStalls {
  /** How often it does nothing at all, and for how long. */
  readonly stallProbability: number;
  readonly minStallMs: number;
  readonly maxStallMs: number;
  /** How often it works at a fraction of its speed, for how long, and by what its speed is divided. */
  readonly throttleProbability: number;
  readonly minThrottleMs: number;
  readonly maxThrottleMs: number;
  readonly minDivisor: number;
  readonly maxDivisor: number;
}
