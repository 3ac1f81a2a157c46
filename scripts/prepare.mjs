/**
 * Makes a fresh clone ready: installs the packages and builds, each only when something is missing or has changed. Needs
 * nothing but Node.js and its npm. `npm start`, `npm test` and the other scripts begin with it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const INSTALL_STAMP = join(ROOT, 'node_modules', '.moonpool-installed');
const BUILD_STAMP = join(ROOT, 'dist', '.moonpool-built');
const LOCK = join(ROOT, '.prepare.lock');
/** What the build is made from. */
const SOURCES = [
  'modules.ts',
  'local.ts',
  'assertions.ts',
  'contracts.ts',
  'index.ts',
  'msgpack.ts',
  'postgres.ts',
  'prometheus.ts',
  'rpc.ts',
  'simulation.ts',
  'lib',
  'decorators',
  'samples',
  'spec',
  'bench',
];
/** A lock older than this was left by a process that died. */
const STALE_LOCK_MS = 10 * 60_000;

function main() {
  // Looked at before taking the lock: in the common case there is nothing to do, and that should cost nothing.
  if (isInstalled() && isBuilt()) return;
  withLock(() => {
    if (!isInstalled()) install();
    if (!isBuilt()) build();
  });
}

function isInstalled() {
  return readStamp(INSTALL_STAMP) === lockfileHash();
}

function install() {
  say('installing packages (npm ci)');
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'The packages could not be installed. Check that the npm registry can be reached, then try again.',
  );
  writeFileSync(INSTALL_STAMP, lockfileHash());
}

function isBuilt() {
  return readStamp(BUILD_STAMP) === sourceFingerprint();
}

function build() {
  say('building (tsc)');
  const fingerprint = sourceFingerprint();
  removeOrphans();
  rmSync(BUILD_STAMP, { force: true });
  run(
    process.execPath,
    [join('node_modules', 'typescript', 'bin', 'tsc'), '--pretty'],
    'The build failed. Correct the errors above, then try again.',
  );
  mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  writeFileSync(BUILD_STAMP, fingerprint);
}

/** Built files whose source was removed or renamed would still be found by mocha and by imports. */
function removeOrphans() {
  const dist = join(ROOT, 'dist');
  for (const file of filesBelow(dist)) {
    const match = /^(.*?)(\.d\.ts|\.js|\.js\.map)$/.exec(relative(dist, file));
    if (match !== null && !existsSync(join(ROOT, `${match[1]}.ts`))) rmSync(file);
  }
}

/** Paths, sizes and times of all sources: whatever edit, checkout or removal there was changes it. */
function sourceFingerprint() {
  const hash = createHash('sha256');
  const files = [join(ROOT, 'tsconfig.json'), ...SOURCES.flatMap((source) => filesBelow(join(ROOT, source)))];
  for (const file of files.filter((name) => name.endsWith('.ts') || name.endsWith('.json'))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(ROOT, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.update(lockfileHash()).digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
  );
}

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(process.version)
    .digest('hex');
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function run(command, args, remedy) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) return;
  rmSync(LOCK, { force: true });
  process.stderr.write(`${remedy}${error === undefined ? '' : ` (${error.message})`}\n`);
  process.exit(status ?? 1);
}

/** Two commands that are started at once must not install or build over each other. */
function withLock(work) {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isLockStale()) rmSync(LOCK, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function isLockStale() {
  try {
    const owner = Number(readFileSync(LOCK, 'utf8'));
    if (Date.now() - statSync(LOCK).mtimeMs > STALE_LOCK_MS) return true;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function say(what) {
  process.stderr.write(`moonpool: ${what}\n`);
}

main();
