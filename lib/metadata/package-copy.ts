import 'reflect-metadata';
import { PACKAGE_FOLDER } from '../injection/package-copies';

const COPY = Symbol.for('moonpool:copy');

/** This copy of the package: an object that no other one has, with the place for messages. */
const OWN = { folder: PACKAGE_FOLDER };

/** Notes by which copy of the package the class is declared. */
export function noteCopy(type: object): void {
  Reflect.defineMetadata(COPY, OWN, type);
}

/**
 * What is wrong with a class that another copy of the package has declared, or a class that it extends: one that lies elsewhere in
 * `node_modules`, or was loaded twice. What that calls a token, or an error, is none here. Undefined where it was this one.
 */
export function otherCopy(type: object): string | undefined {
  for (let at: unknown = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    const noted = Reflect.getOwnMetadata(COPY, at) as typeof OWN | undefined;
    if (noted === undefined || noted === OWN) continue;
    const which =
      noted.folder === OWN.folder
        ? `of which this process has loaded the files in ${OWN.folder} twice. Load what declares the class and what runs it together`
        : `by that in ${noted.folder}, and not by that in ${OWN.folder}. Let both be one: \`npm ls moonpool\` shows who brings them`;
    return `is declared by another copy of moonpool than the one that runs it, ${which}.`;
  }
  return undefined;
}
