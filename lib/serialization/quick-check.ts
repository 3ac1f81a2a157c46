import type { MetadataStorage } from 'class-validator';
import { forgoAnswer, isLateAnswer } from '../concurrency/prompt-answer';
import type { Constructor } from '../injection/token';

/** True when the instance surely satisfies all rules of its class; false when the validator must be asked. */
export type QuickCheck = (instance: object) => boolean;

type ValidationMetadata = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

interface Rule {
  readonly constraints: readonly unknown[];
  readonly validate: (value: unknown, details: object) => unknown;
}

interface PropertyRules {
  readonly name: string;
  readonly conditions: readonly ((object: object, value: unknown) => unknown)[];
  readonly rules: readonly Rule[];
}

/**
 * A check made once from the rules that class-validator knows of a class. It only ever says "surely right": whoever
 * fails it is shown to the validator itself, which words the errors. Undefined for classes with rules of other kinds:
 * nested, for each item, in groups, or asynchronous.
 */
export function compileQuickCheck(type: Constructor<object>, storage: MetadataStorage): QuickCheck | undefined {
  const properties = new Map<string, { conditions: PropertyRules['conditions'][number][]; rules: Rule[] }>();
  for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
    const property = properties.get(metadata.propertyName) ?? { conditions: [], rules: [] };
    properties.set(metadata.propertyName, property);
    if (!addRule(metadata, property, storage)) return undefined;
  }
  const list: readonly PropertyRules[] = [...properties].map(([name, { conditions, rules }]) => ({
    name,
    conditions,
    rules,
  }));
  const { name } = type;
  return (instance) => {
    for (const property of list) if (!satisfies(instance as Record<string, unknown>, property, name)) return false;
    return true;
  };
}

function addRule(
  metadata: ValidationMetadata,
  property: { conditions: unknown[]; rules: Rule[] },
  storage: MetadataStorage,
): boolean {
  if (metadata.each || (metadata.groups !== undefined && metadata.groups.length > 0)) return false;
  switch (metadata.type) {
    case 'whitelistValidation':
      return true;
    case 'conditionalValidation':
      property.conditions.push(metadata.constraints[0]);
      return true;
    case 'customValidation':
      for (const { async, instance } of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        if (async) return false;
        const validate = (value: unknown, details: object) => instance.validate(value, details as never);
        property.rules.push({ constraints: metadata.constraints, validate });
      }
      return true;
    default:
      return false;
  }
}

function satisfies(
  instance: Record<string, unknown>,
  { name, conditions, rules }: PropertyRules,
  targetName: string,
): boolean {
  const value = instance[name];
  for (const condition of conditions) {
    const isMet = condition(instance, value);
    if (isMet !== true && isLateAnswer(isMet)) return false;
    if (!isMet) return true;
  }
  for (const { constraints, validate } of rules) {
    // A promise is no `true`, so a rule that turns out to be asynchronous is left to the validator as well.
    const isKept = validate(value, { targetName, property: name, object: instance, value, constraints });
    if (isKept === true) continue;
    forgoAnswer(isKept);
    return false;
  }
  return true;
}
