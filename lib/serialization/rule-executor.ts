import type { ValidationError, Validator as ValidatorClass } from 'class-validator';
import type { ValidationExecutor as ExecutorClass } from 'class-validator/types/validation/ValidationExecutor';
import { forgoAnswer, promptAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ValidationMetadata } from '../metadata/validator-record';

type Callback = (...args: unknown[]) => unknown;

/** One rule as the executor asks it. */
interface AskedRule {
  readonly instance: { readonly defaultMessage?: unknown };
}

/** What is gone by of the validator's own executor, which it does not tell its users. */
interface Executor {
  readonly awaitingPromises: readonly unknown[];
  execute(instance: object, schema: undefined, errors: ValidationError[]): void;
  stripEmptyErrors(errors: ValidationError[]): ValidationError[];
  conditionalValidations: (object: object, value: unknown, conditions: readonly ValidationMetadata[]) => unknown;
  createValidationError: (object: object, value: unknown, rule: ValidationMetadata, asked: AskedRule) => unknown;
}

/**
 * What the validator finds, as its own validateSync does it; but that takes a rule for kept that answers by a promise, for which nothing
 * waits here, and a condition for met, and leaves the promises to end the process when they are rejected.
 * @throws MoonpoolError ASYNC_CALLBACK, and what rules throw.
 */
export function violatedRules(instance: object): readonly ValidationError[] {
  const executor = executorFor(instance.constructor.name);
  const errors: ValidationError[] = [];
  try {
    executor.execute(instance, undefined, errors);
  } finally {
    // Nobody will look at what they come to.
    for (const promise of executor.awaitingPromises) forgoAnswer(promise);
  }
  if (executor.awaitingPromises.length > 0)
    throw new MoonpoolError('ASYNC_CALLBACK', {
      message: `A rule of ${instance.constructor.name} is asynchronous, and nothing waits for it: ask in the handler instead`,
    });
  return executor.stripEmptyErrors(errors);
}

function executorFor(type: string): Executor {
  const { ValidationExecutor, Validator } = validator();
  // Unknown keys were refused before, since the validator takes names such as hasOwnProperty for known ones; and what is nested is an
  // instance of the class that was named for it, which may have no rules.
  const executor = new ValidationExecutor(new Validator(), { forbidUnknownValues: false }) as unknown as Executor;
  const createOwn = executor.createValidationError.bind(executor);
  executor.conditionalValidations = (object, value, conditions) =>
    conditions
      .map(({ constraints }) => promptAnswer((constraints[0] as Callback)(object, value), `a condition of ${type}`))
      .every(Boolean);
  executor.createValidationError = (object, value, rule, asked) => {
    const whose = `the message of a rule of ${type}`;
    const { instance } = asked;
    const own = { defaultMessage: { value: promptly(instance.defaultMessage, instance, whose) } };
    return createOwn(
      object,
      value,
      Object.create(rule, { message: { value: promptly(rule.message, rule, whose) } }) as ValidationMetadata,
      Object.create(asked, { instance: { value: Object.create(instance, own) as object } }) as AskedRule,
    );
  };
  return executor;
}

/** The function, where it is one, so that it gives no promise. */
function promptly(given: unknown, self: object, whose: string): unknown {
  if (typeof given !== 'function') return given;
  return (...args: unknown[]) => promptAnswer((given as Callback).apply(self, args), whose);
}

/** What is used of class-validator. */
interface Validator {
  readonly Validator: typeof ValidatorClass;
  readonly ValidationExecutor: typeof ExecutorClass;
}

let loadedValidator: Validator | undefined;

/** Loaded with the first payload class, for it takes a tenth of a second. */
export function validator(): Validator {
  loadedValidator ??= {
    ...(require('class-validator') as Pick<Validator, 'Validator'>),
    ...(require('class-validator/cjs/validation/ValidationExecutor') as Pick<Validator, 'ValidationExecutor'>),
  };
  return loadedValidator;
}
