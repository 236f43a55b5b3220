import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { CannotStart } from './cannot-start.ts'
import { logDir } from './data-dir.ts'
import { findPostgres } from './postgres-program.ts'
import { isInitialized, startPostgres, type PostgresOptions } from './postgres.ts'

export interface Database extends AsyncDisposable {
  url: string
}

export interface DatabaseEvents {
  /** Called whenever the embedded server has started: first, and after every crash. */
  onStart(pid: number): void
  say(line: string): void
}

const NAME = 'tollgate'
const OLDEST_VERSION = 15
/** How long to wait between two attempts to restart a crashed server, in milliseconds. */
const PAUSE = 2_000

/**
 * Opens the database at the URL `given`, or the embedded PostgreSQL in `dataDir` if there is no URL.
 *
 * @throws {CannotStart} when the given database can't be used, or the embedded one can't start.
 */
export async function openDatabase(
  given: string | undefined,
  dataDir: string,
  events: DatabaseEvents,
): Promise<Database> {
  if (given === undefined) return startEmbeddedDatabase(dataDir, events)
  await checkDatabase(given)
  return { url: given, [Symbol.asyncDispose]: async () => undefined }
}

/**
 * Starts the embedded PostgreSQL, creates the database `tollgate` the first time, and restarts a crashed server.
 * Committed data survives a power cut.
 */
async function startEmbeddedDatabase(dataDir: string, events: DatabaseEvents): Promise<Database> {
  const dir = join(dataDir, 'postgres')
  const { owner } = await findPostgres()
  // The server runs as another user: let it pass through to its own directory, but not list this one.
  if (owner) chmodSync(dataDir, 0o711)
  const options = { dir, logFile: owner ? undefined : join(logDir(dataDir), 'postgres.log') }
  if (!isInitialized(dir)) events.say('creating the database (first start only)')

  const postgres = await startPostgres(options)
  events.onStart(postgres.pid)
  const stack = new AsyncDisposableStack()
  stack.use(postgres)
  try {
    await createDatabase(postgres.url)
    stack.use(await keepRunning({ ...options, port: postgres.port }, postgres.url, events))
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
  return {
    url: Object.assign(new URL(postgres.url), { pathname: `/${NAME}` }).href,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Refuses an invalid URL, a server that doesn't answer or rejects the login, and a PostgreSQL that is too old. */
async function checkDatabase(url: string): Promise<void> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new CannotStart('DATABASE_URL must look like postgres://user:password@host:5432/name.')
  }
  const { host, pathname } = new URL(url)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    )
    const major = Math.floor((rows[0]?.version ?? 0) / 10_000)
    if (major < OLDEST_VERSION) {
      throw new CannotStart(`DATABASE_URL points to PostgreSQL ${major}. Use ${OLDEST_VERSION} or newer.`)
    }
  } catch (cause) {
    if (cause instanceof CannotStart) throw cause
    const why = cause instanceof AggregateError ? String(cause.errors[0]) : String(cause)
    throw new CannotStart(
      `Can't use the database ${pathname.slice(1)} at ${host} (${why.replace(/^\w*[eE]rror: /, '')}). Start it, or correct DATABASE_URL.`,
      { cause },
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function createDatabase(adminUrl: string) {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME])
    if (rowCount === 0) await client.query(`create database ${NAME}`)
  } finally {
    await client.end()
  }
}

/** Restarts the server when it crashes. An idle connection detects that: it closes at once. */
async function keepRunning(
  options: PostgresOptions,
  url: string,
  { onStart, say }: DatabaseEvents,
): Promise<AsyncDisposable> {
  let stopping = false
  const isStopping = () => stopping
  let recovering: Promise<void> | undefined
  let watch = await connect()

  async function connect() {
    const client = new pg.Client({ connectionString: url, keepAlive: true })
    client.on('error', () => undefined)
    client.on('end', () => {
      if (!stopping) recovering = recover()
    })
    await client.connect()
    return client
  }

  async function recover() {
    say('PostgreSQL died; restarting it')
    while (!isStopping()) {
      try {
        onStart((await startPostgres(options)).pid)
        watch = await connect()
        return
      } catch (error) {
        say(`PostgreSQL could not be restarted: ${String(error)}`)
        await sleep(PAUSE)
      }
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      stopping = true
      await recovering
      await watch.end().catch(() => undefined)
    },
  }
}
