import { token } from '../injection/token';

/** Where the directory of a cluster is kept, the same on all of its nodes. */
export type DirectoryKind = 'stored' | 'partitioned';

/** Where the directory of this process is kept. */
export const DirectoryKind = token<DirectoryKind>('DirectoryKind');
