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

/** The path of the actor that the id names; undefined when it names none. */
export function actorOfId(id: string): string | undefined {
  const match = /^(?:named|reminder)\/(\d+)\//.exec(id);
  return match === null ? undefined : id.slice(match[0].length, match[0].length + Number(match[1]));
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
