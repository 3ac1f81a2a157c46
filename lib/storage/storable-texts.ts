import type { MembershipStore } from '../cluster/membership-store';
import type { ActorDirectory } from '../directory/actor-directory';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { isWellFormed } from '../options/well-formed-text';
import type { StateCommit } from './state-commit';
import type { StateStorage } from './state-storage';

/** What throws for a text among the arguments of each operation that cannot be stored. */
export type TextRules<Contract> = {
  readonly [Method in keyof Contract]?: NonNullable<Contract[Method]> extends (...args: infer Args) => unknown
    ? (...args: Args) => void
    : never;
};

/** Those of a {@link StateStorage}. What is only looked for is refused too: as another character it would find what it does not name. */
export const STATE_TEXTS = {
  claim: (actor) => requireStorable('actor', actor),
  commit: requireStorableCommit,
  read: (actor) => requireStorable('actor', actor),
  list: ({ prefix, after }) => {
    requireStorable('prefix of actors', prefix);
    if (after !== undefined) requireStorable('actor', after);
  },
  count: (prefix) => requireStorable('prefix of actors', prefix),
  history: (actor) => requireStorable('actor', actor),
  answer: (actor, key) => {
    requireStorable('actor', actor);
    requireStorable('key of an answer', key);
  },
  deliver: (deliveries) => deliveries.forEach(requireStorableDelivery),
  settle: ({ id }) => requireStorable('id of a delivery', id),
  deliveries: ({ target, after }) => {
    if (target !== undefined) requireStorable('target of a delivery', target);
    if (after !== undefined) requireStorable('id of a delivery', after);
  },
} satisfies TextRules<StateStorage>;

/** Those of an {@link ActorDirectory}. */
export const DIRECTORY_TEXTS = {
  lookup: (actor) => requireStorable('actor', actor),
  register: ({ actor, activation, node, address }, replaces) => {
    requireStorable('actor', actor);
    for (const text of [activation, node.name, address, replaces ?? ''])
      requireStorable('part of a registration', text);
  },
  unregister: (actor, activation) => {
    requireStorable('actor', actor);
    requireStorable('activation', activation);
  },
} satisfies TextRules<ActorDirectory>;

/** Those of a {@link MembershipStore}. */
export const MEMBER_TEXTS = {
  join: ({ name, address }) => {
    requireStorable('name of a node', name);
    requireStorable('address of a node', address);
  },
  renew: ({ name }) => requireStorable('name of a node', name),
  changeStatus: ({ name }) => requireStorable('name of a node', name),
} satisfies TextRules<MembershipStore>;

/** The refusal of an operation that is asked by its name; undefined when there is nothing against its texts. */
export function refusalOfTexts<Contract>(
  rules: TextRules<Contract>,
  method: PropertyKey,
  args: readonly unknown[],
): Promise<never> | undefined {
  const require = (rules as Readonly<Record<PropertyKey, ((...given: readonly unknown[]) => void) | undefined>>)[
    method
  ];
  try {
    require?.(...args);
    return undefined;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Texts that are to be found again must come back as they are: half a pair of surrogates would become another character, and be one
 * key with others; and PostgreSQL has no zero character. @throws MoonpoolError INVALID_OPTION
 */
function requireStorable(what: string, text: string): void {
  if (isWellFormed(text) && !text.includes('\0')) return;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The ${what} '${outsideText(text)}' cannot be stored: it holds a zero character or half a pair of surrogates`,
    remedy: 'Leave that character out.',
  });
}

function requireStorableCommit({ actor, writeId, answers, deliveries, cancels }: StateCommit): void {
  requireStorable('actor', actor);
  requireStorable('write id', writeId);
  answers?.forEach(({ key }) => requireStorable('key of an answer', key));
  deliveries?.forEach(requireStorableDelivery);
  cancels?.forEach((id) => requireStorable('id of a delivery', id));
}

function requireStorableDelivery({ id, target }: { readonly id: string; readonly target: string }): void {
  requireStorable('id of a delivery', id);
  requireStorable('target of a delivery', target);
}
