import { token } from '../injection/token';
import { anyOf, type OptionKind } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';

/** What an operator says of a node, by names: `{ zone: 'a', gpu: 'yes' }`. Placement and people read it; the cluster itself asks for nothing in it. */
export type Labels = Readonly<Record<string, string>>;

/** Those of this node. */
export const NodeLabels = token<Labels>('NodeLabels');

export const NO_LABELS: Labels = Object.freeze({});

/** They are read with every view, by every node. */
const MAX_LABELS = 32;
const NAME = /^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$/i;
const VALUE = /^[\x20-\x7e]{0,255}$/;

export const labelName = anyOf(
  'a name of 1 to 63 letters, digits, and ., _, / or - between them',
  (name) => typeof name === 'string' && NAME.test(name),
);
export const labelValue = anyOf(
  'a text of at most 255 printable ASCII characters',
  (value) => typeof value === 'string' && VALUE.test(value),
);

/** The labels of a node, as its start is given them. */
export const labelsOfNode: OptionKind<Labels> = {
  wanted: `an object of at most ${MAX_LABELS} texts by names, such as { zone: 'a' }`,
  mistakesIn: (value, place) => {
    const isRecord = Object.prototype.toString.call(value) === '[object Object]';
    const entries = isRecord ? Object.entries(value as object) : [];
    if (!isRecord || entries.length > MAX_LABELS) return [wrongOption(place, labelsOfNode.wanted, value)];
    return entries.flatMap(([name, text]: readonly [string, unknown]) => [
      ...labelName.mistakesIn(name, { door: place.door, path: `the name of a label in ${place.path}` }),
      ...labelValue.mistakesIn(text, { door: place.door, path: `${place.path}.${name}` }),
    ]);
  },
};
