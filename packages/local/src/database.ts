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
  /** The embedded server runs: at first, and again whenever it died. */
  onStart(pid: number): void
  say(line: string): void
}

const NAME = 'tollgate'
const OLDEST_VERSION = 15
/** Between two attempts to start a server that died. */
const PAUSE = 2_000

/**
 * The database at `given`, or without one the embedded PostgreSQL of `dataDir`.
 *
 * @throws {CannotStart} the given one can't be used, the embedded one not be started.
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
 * Starts the embedded PostgreSQL, with an empty database `tollgate` at first, and starts it again should it die. Durable:
 * what was committed survives a power cut.
 */
async function startEmbeddedDatabase(dataDir: string, events: DatabaseEvents): Promise<Database> {
  const dir = join(dataDir, 'postgres')
  const { owner } = await findPostgres()
  if (owner) chmodSync(dataDir, 0o711) // another user's server has to get through to its own directory, and no further
  const options = { dir, logFile: owner ? undefined : join(logDir(dataDir), 'postgres.log') }
  if (!isInitialized(dir)) events.say('making a database, the first time only')

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

/** Refuses a URL that is none, one where nobody answers or the log-in fails, and a PostgreSQL that is too old. */
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
      throw new CannotStart(`The database of DATABASE_URL is PostgreSQL ${major}: use ${OLDEST_VERSION} or newer.`)
    }
  } catch (cause) {
    if (cause instanceof CannotStart) throw cause
    const why = cause instanceof AggregateError ? String(cause.errors[0]) : String(cause)
    throw new CannotStart(
      `The database ${pathname.slice(1)} at ${host} can't be used (${why.replace(/^\w*[eE]rror: /, '')}): start it, or correct DATABASE_URL.`,
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

/** Holds one idle connection: its end is the quickest sign that the server died. */
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
    say('PostgreSQL ended by itself; starting it again')
    while (!isStopping()) {
      try {
        onStart((await startPostgres(options)).pid)
        watch = await connect()
        return
      } catch (error) {
        say(`PostgreSQL could not be started again: ${String(error)}`)
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
