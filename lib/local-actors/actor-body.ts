import { isLateAnswer } from '../concurrency/prompt-answer';
import { callback, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import type { LocalActor, LocalActorClass, LocalActorFunction, LocalBehaviour, LocalContext } from './local-actor';
import { failedEnding, type LocalEnding } from './local-ending';

/** A whole life of a local actor: from its start to its end. */
export type ActorBody<Message, Reply> = (context: LocalContext<Message, Reply>) => Promise<void>;

/** What a body tells the life that it is run in, and asks of it. */
export interface LifeWitness {
  /** It has started: after its `onStart`, or at once when it has none. */
  started(): void;
  /** How the life ends when nothing is thrown. */
  orderlyEnding(): LocalEnding;
}

const BEHAVIOUR = mandatory(callback('a class, or a function'));

/** Asked where an actor is spawned: found out later it would concern those that are spawned beside it. @throws MoonpoolError INVALID_OPTION */
export function checkBehaviour(door: string, behaviour: unknown): void {
  checkArguments(door, { behaviour: [BEHAVIOUR, behaviour] });
}

/** The body of a behaviour. */
export function bodyOf<Message, Reply>(
  behaviour: LocalBehaviour<Message, Reply>,
  witness: LifeWitness,
): ActorBody<Message, Reply> {
  return async (context) => {
    const made = isClass(behaviour)
      ? new behaviour(context)
      : (behaviour as LocalActorFunction<Message, Reply>)(context);
    if (isActor(made)) {
      await work(made, context, witness);
    } else {
      witness.started();
      await made;
    }
  };
}

async function work<Message, Reply>(
  actor: LocalActor<Message, Reply>,
  context: LocalContext<Message, Reply>,
  witness: LifeWitness,
): Promise<void> {
  await actor.onStart?.();
  witness.started();
  try {
    for (let request = await context.receive(); request !== undefined; request = await context.receive()) {
      try {
        const reply = await actor.receive(request.message);
        request.answer(reply);
      } catch (error) {
        request.refuse(error);
        const survives: unknown = actor.survives?.(error, request.message);
        // A promise is no `true`, and nobody waits for it.
        if (isLateAnswer(survives) || survives !== true) throw error;
      }
    }
  } catch (error) {
    await stopAfterFailure(actor, context, error);
    throw error;
  }
  await actor.onStop?.(witness.orderlyEnding());
}

/** The first failure is what counts; one that follows from it is only worth a line. */
async function stopAfterFailure<Message, Reply>(
  actor: LocalActor<Message, Reply>,
  { name, logger }: LocalContext<Message, Reply>,
  failure: unknown,
): Promise<void> {
  try {
    await actor.onStop?.(failedEnding(`The local actor ${name}`, failure));
  } catch (error) {
    logger.error(`onStop of the local actor ${name} failed after its failure`, error);
  }
}

function isActor<Message, Reply>(
  made: LocalActor<Message, Reply> | Promise<void> | undefined,
): made is LocalActor<Message, Reply> {
  return typeof (made as { readonly receive?: unknown } | undefined)?.receive === 'function';
}

/** The prototype of a class cannot be replaced; that of a plain function can, and an arrow function has none. */
function isClass<Message, Reply>(
  behaviour: LocalBehaviour<Message, Reply>,
): behaviour is LocalActorClass<Message, Reply> {
  return Object.getOwnPropertyDescriptor(behaviour, 'prototype')?.writable === false;
}
