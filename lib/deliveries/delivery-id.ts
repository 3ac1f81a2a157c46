import type { RandomProvider } from '../providers/random-provider';

/** The id of a message that nobody has given a name. */
export function messageId(random: RandomProvider): string {
  return `message/${randomName(random)}`;
}

/** The id of a message of that name for the actor. */
export function namedMessageId(path: string, name: string): string {
  return `named/${ofActor(path, name)}`;
}

/** The id of the reminder of that name of the actor. */
export function reminderId(path: string, name: string): string {
  return `reminder/${ofActor(path, name)}`;
}

/** A text of 128 random bits, which no other is like. */
export function randomName(random: RandomProvider): string {
  let name = '';
  for (let part = 0; part < 4; part++) name += random.uint32().toString(16).padStart(8, '0');
  return name;
}

/** Paths and names may hold anything, so the length says where one ends and the other begins. */
function ofActor(path: string, name: string): string {
  return `${path.length}/${path}#${name}`;
}
