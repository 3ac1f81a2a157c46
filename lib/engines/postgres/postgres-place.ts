/** Where a database is, as the package `pg` takes it. A password never leaves it: it stands in no message. */
export interface PostgresAddress {
  /** A host, or the folder of a Unix socket. Default: that of the environment variable PGHOST, or localhost. */
  readonly host?: string;
  /** Default: PGPORT, or 5432. */
  readonly port?: number;
  /** Default: PGDATABASE, or the name of the user. */
  readonly database?: string;
  /** Default: PGUSER, or the user of the process. */
  readonly user?: string;
  /** Itself, or what gets it for each new connection. Default: PGPASSWORD, or what ~/.pgpass says. */
  readonly password?: string | (() => string | Promise<string>);
  /** Whether TLS is used; or the options of TLS of Node.js: `ca`, `cert`, `key`, `servername`, `rejectUnauthorized`. Default: false. */
  readonly ssl?: boolean | object;
  /** What the server shows of who is connected. Default: moonpool. */
  readonly application_name?: string;
  /** Settings of the session for the server: `-c search_path=app`. */
  readonly options?: string;
}

/** The database for messages: where it is, without who and by which password. */
export function placeOf(connection: string | PostgresAddress | undefined): string {
  if (connection === undefined) return 'the PostgreSQL database of the pool';
  const { host, port, database } = typeof connection === 'string' ? partsOf(connection) : connection;
  const server = [host ?? 'localhost', ...(port === undefined ? [] : [port])].join(':');
  return `the PostgreSQL database ${server}${database === undefined ? '' : `/${database}`}`;
}

/** The parts of a connection string; none of a text that is no URL, for whatever it holds may be a password. */
export function partsOf(text: string): Pick<PostgresAddress, 'host' | 'database'> & { readonly port?: string } {
  const url = urlOf(text);
  if (url === undefined) return {};
  const [host, database] = [url.hostname || url.searchParams.get('host'), url.pathname.slice(1)];
  return {
    ...(host === null || host === '' ? {} : { host }),
    ...(url.port === '' ? {} : { port: url.port }),
    ...(database === '' ? {} : { database }),
  };
}

/** True for `postgres://...` and `postgresql://...` that can be understood. */
export function isConnectionString(text: string): boolean {
  return urlOf(text) !== undefined;
}

function urlOf(text: string): URL | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text)) return undefined;
  try {
    const url = new URL(text);
    // What is written by numbers must mean something: `pg` would find out only when it connects.
    for (const part of [url.username, url.password, url.pathname]) decodeURIComponent(part);
    return url;
  } catch {
    return undefined;
  }
}
