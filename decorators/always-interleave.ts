import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteInterleaving } from '../lib/metadata/metadata-store';

/** Marks a handler whose turns may overlap all others of its actor: for a question that must be answered while a long turn waits. */
export function AlwaysInterleave(): MethodDecorator {
  refuseBare('@AlwaysInterleave', 'member', arguments);
  return (target, method) => {
    requireExperimentalDecorators('@AlwaysInterleave', method);
    noteInterleaving(typeof target === 'function' ? target : target.constructor, String(method));
  };
}
