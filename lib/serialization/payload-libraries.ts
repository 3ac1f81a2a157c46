import { transformerStorage } from '../metadata/transformer-record';
import { validationStorage } from '../metadata/validator-record';
import { validator } from './payload-check';

/**
 * Loads all that is otherwise loaded with the first payload class. Loading code reads files, above all where a loader
 * compiles it, and a simulated run may read none.
 */
export function loadPayloadLibraries(): void {
  validationStorage();
  transformerStorage();
  validator();
}
