import type { ContainerModule } from '../injection/container-module';
import { BestOfTwoPlacement } from '../placement/best-of-two-placement';
import { LabelledPlacement } from '../placement/labelled-placement';
import { Placements } from '../placement/placements';
import { RandomProvider } from '../providers/random-provider';
import { LABELLED_PLACEMENT_OPTIONS, type LabelledPlacementOptions } from './labelled-placement-options';

/**
 * A placement by the labels of nodes, for classes that ask for its name: only nodes that have all that is required, of these the ones with most of what is preferred, and
 * among them the better of two. Whoever makes the first call places the actor, so all nodes and clients have the module.
 * @throws MoonpoolError INVALID_OPTION
 */
export function labelledPlacement(options: LabelledPlacementOptions): ContainerModule {
  LABELLED_PLACEMENT_OPTIONS.check('labelledPlacement', options);
  const { name } = options;
  return {
    name: `placement ${name}`,
    load: (_, contribute) =>
      contribute(Placements).toFactory([RandomProvider], (random) => ({
        name,
        strategy: new LabelledPlacement(options, new BestOfTwoPlacement(random)),
      })),
  };
}
