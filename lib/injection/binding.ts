import type { ServiceIdentifier } from './token';

/** One binding: how an identifier's service comes to be, and which module said so. */
export interface Binding {
  readonly identifier: ServiceIdentifier<unknown>;
  readonly module: string;
  /** What it is made of; `undefined` stands for a parameter of a constructor of which nothing is known. */
  readonly dependencies: readonly (ServiceIdentifier<unknown> | undefined)[];
  /** True when the container makes the service, and so starts and stops it. */
  readonly made: boolean;
  readonly create: (...resolved: unknown[]) => unknown;
}
