/** As much of pg as is used here: the package has no types. */
interface PgClient {
  connect(): Promise<void>;
  query(
    query: string | { readonly text: string; readonly values?: readonly unknown[] },
  ): Promise<{ readonly rows: readonly object[] }>;
  end(): Promise<void>;
}

type PgClientClass = new (options: object) => PgClient;

const pg = require('pg') as { readonly Client: PgClientClass; readonly Pool: PgClientClass };

export const { Client, Pool } = pg;
