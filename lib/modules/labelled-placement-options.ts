import { labelName, labelValue } from '../cluster/labels';
import { list, mandatory, text, type OptionKind } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';
import { optionTable } from '../options/option-table';
import type { NodeWishes, WantedLabels } from '../placement/labelled-placement';

/** The options of `labelledPlacement`. */
export interface LabelledPlacementOptions extends NodeWishes {
  /** By which classes ask for it: `@Actor({ placement: 'on-gpu' })`. */
  readonly name: string;
}

const WANTED = "an object of texts, or of lists of texts, by the names of labels, such as { zone: 'a' }";
const values = list('a text, or a list of texts of which one will do', labelValue);

const wantedLabels: OptionKind<WantedLabels> = {
  wanted: WANTED,
  mistakesIn: (wishes, place) => {
    if (Object.prototype.toString.call(wishes) !== '[object Object]') return [wrongOption(place, WANTED, wishes)];
    return Object.entries(wishes as object).flatMap(([name, wanted]: readonly [string, unknown]) => {
      const at = { door: place.door, path: `${place.path}.${name}` };
      const isNone = Array.isArray(wanted) && wanted.length === 0;
      if (isNone) return [wrongOption(at, 'a text, or a list of at least one', wanted)];
      const kind = typeof wanted === 'string' ? labelValue : values;
      return [
        ...labelName.mistakesIn(name, { door: place.door, path: `the name of a label in ${place.path}` }),
        ...kind.mistakesIn(wanted, at),
      ];
    });
  },
};

export const LABELLED_PLACEMENT_OPTIONS = optionTable<LabelledPlacementOptions>({
  name: mandatory(text('a name')),
  required: wantedLabels,
  preferred: wantedLabels,
});
