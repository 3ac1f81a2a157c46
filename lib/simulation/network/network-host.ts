import type { Locality } from '../topology/locality';

/** A machine as the network sees it. */
export class NetworkHost {
  /** False when the machine is without power: then it answers nothing, not even that nobody listens. */
  isOn = true;

  /** @param name the machine, as people call it. @param address its IP address. @param locality where it stands, if that matters. */
  constructor(
    readonly name: string,
    readonly address: string,
    readonly locality?: Locality,
  ) {}

  /** True when a process of the machine may listen under this name. */
  answersTo(host: string): boolean {
    return host === this.address || isLoopback(host) || host === '0.0.0.0' || host === '::';
  }
}

/** True for the names under which every machine reaches itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
