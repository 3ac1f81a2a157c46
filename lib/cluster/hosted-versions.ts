import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { areStrict, FIRST_CLASS_VERSION, numberOf, type ClassVersion } from '../metadata/class-version';

/** The versions of the classes that a node hosts, by their wire names; those of version 1 are left out. */
export type HostedVersions = Readonly<Record<string, number>>;

/** A member, as far as its versions go. */
interface VersionedMember {
  readonly actorVersions?: HostedVersions;
}

/** What a node says of the classes that it hosts; undefined when all are of the first version. */
export function hostedVersions(descriptors: Iterable<ActorDescriptor>): HostedVersions | undefined {
  const later = [...descriptors].flatMap(({ name, version }) =>
    numberOf(version) > FIRST_CLASS_VERSION ? [[name, numberOf(version)] as const] : [],
  );
  return later.length === 0 ? undefined : Object.fromEntries(later);
}

/** The version of the class that the member hosts. Members of releases that say nothing of versions have the first. */
export function versionAt({ actorVersions }: VersionedMember, actorType: string): number {
  return actorVersions !== undefined && Object.hasOwn(actorVersions, actorType)
    ? (actorVersions[actorType] ?? FIRST_CLASS_VERSION)
    : FIRST_CLASS_VERSION;
}

/** True when the member hosts what a caller of this version asks for: at least that version, and no other where the class is strict. */
export function hosts(member: VersionedMember, actorType: string, wanted: ClassVersion): boolean {
  const has = versionAt(member, actorType);
  return areStrict(wanted, undefined) ? has === wanted.number : has >= wanted.number;
}
