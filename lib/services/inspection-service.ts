import type { PlainState, StateRegistry } from '../observability/state-registry';
import { declareService } from './service-declaration';

/** Tells what each part of this process says of itself at present, as `runtime.inspect()` does. Nodes and operators may ask. */
export class InspectionService {
  constructor(private readonly registry: StateRegistry) {}

  async inspect(): Promise<Readonly<Record<string, PlainState>>> {
    const { registry } = this;
    return Object.fromEntries(registry.keys.map((key) => [key, registry.read(key) ?? null]));
  }
}

declareService(InspectionService, 2, ['inspect']);
