import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CannotStart, systemErrorCode } from './cannot-start.ts'
import { freePort, isPortFree } from './ports.ts'
import { portOfRunningServer } from './postgres-lock.ts'
import { findPostgres, type PostgresProgram } from './postgres-program.ts'

export interface PostgresOptions {
  /** The data directory. It is created at the first start. */
  dir: string
  /** 0 or undefined: any free port, the same after a restart if it is still free. */
  port?: number
  /** Server settings, as in postgresql.conf. The defaults are durable. */
  settings?: Record<string, string | number>
  /** The server's log file; by default `server.log` in the directory. A start empties it if it is larger than 5 MB. */
  logFile?: string
}

export interface RunningPostgres extends AsyncDisposable {
  /** Connects the superuser `postgres` to the database `postgres`. */
  url: string
  port: number
  /** The pid of the server itself, the parent of its other processes. */
  pid: number
  stop(): Promise<void>
}

const MAX_LOG_BYTES = 5 * 1024 * 1024

/**
 * Starts the embedded PostgreSQL on 127.0.0.1, and creates its directory if there is none. If a server already runs in
 * the directory, this returns that one. Every user of the machine can log in without a password (`trust`), so use it
 * only for development and tests.
 *
 * @throws {CannotStart} when the port is taken, the disk is full, the directory can't be used, or its version is wrong.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dir = resolve(options.dir)
  const postgres = await findPostgres()
  if (!isInitialized(dir)) await initialize(postgres, dir, options.settings)

  const port = (await portOfRunningServer(dir)) ?? (await start(postgres, { ...options, dir }))
  writeFileSync(portFile(dir), String(port))

  const stop = async () => {
    const { ok, output } = await postgres.run('pg_ctl', ['stop', '-m', 'fast', '-w', '-t', '60', '-D', dir])
    if (!ok && existsSync(join(dir, 'postmaster.pid'))) throw new Error(`PostgreSQL did not stop: ${output.trim()}`)
  }
  const pid = Number.parseInt(readFileSync(join(dir, 'postmaster.pid'), 'utf8'), 10)
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, port, pid, stop, [Symbol.asyncDispose]: stop }
}

/** Whether this directory already has a database cluster. */
export function isInitialized(dir: string): boolean {
  return existsSync(join(dir, 'PG_VERSION'))
}

/** Creates the cluster in a temporary directory, then renames it: an interrupted initdb leaves no partial cluster. */
async function initialize(postgres: PostgresProgram, dir: string, settings: PostgresOptions['settings']) {
  const unfinished = `${dir}.new`
  try {
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(unfinished, { recursive: true, mode: 0o700 })
    if (postgres.owner) chownSync(unfinished, postgres.owner.uid, postgres.owner.gid)

    const args = ['-D', unfinished, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']
    if (settings?.['fsync'] === 'off') args.push('--no-sync')
    const { ok, output } = await postgres.run('initdb', args)
    if (!ok) throw explain(output, dir)
    renameSync(unfinished, dir)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw systemErrorCode(error) ? explain(String(error), dir) : error
  }
}

async function start(postgres: PostgresProgram, options: PostgresOptions): Promise<number> {
  const { dir, logFile = join(dir, 'server.log') } = options
  const port = options.port || (await usualPort(dir))
  if (!(await isPortFree(port))) throw new CannotStart(`Port ${port} is taken, so PostgreSQL can't use it.`)

  const logStart = prepareLog(postgres, logFile)
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    ...options.settings,
  }
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`)
  const args = ['start', '-w', '-t', '60', '-D', dir, '-l', logFile, '-o', flags.join(' ')]
  const { ok } = await postgres.run('pg_ctl', args)
  if (!ok) throw explain(readFileSync(logFile).subarray(logStart).toString(), dir)
  return port
}

async function usualPort(dir: string): Promise<number> {
  const last = existsSync(portFile(dir)) ? Number(readFileSync(portFile(dir), 'utf8')) : 0
  return last > 0 && (await isPortFree(last)) ? last : freePort()
}

const portFile = (dir: string) => join(dir, 'tollgate.port')

/**
 * Makes the log writable for the server, and empties it if it is too large.
 *
 * @returns the offset in bytes at which the lines of this start begin.
 */
function prepareLog({ owner }: PostgresProgram, logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true })
  writeFileSync(logFile, '', { flag: 'a', mode: 0o600 })
  if (owner) chownSync(logFile, owner.uid, owner.gid)
  if (statSync(logFile).size > MAX_LOG_BYTES) truncateSync(logFile)
  return statSync(logFile).size
}

/** Turns PostgreSQL's output into an error that says what to do. */
function explain(output: string, dir: string): Error {
  if (/No space left on device|Check free disk space|ENOSPC/.test(output))
    return new CannotStart(`The disk is full. Free some space for ${dir}.`)
  if (/incompatible with server/.test(output)) {
    return new CannotStart(
      `${dir} was created by another major version of PostgreSQL. Move it away, or run that version and set DATABASE_URL.`,
    )
  }
  if (/Permission denied|Operation not permitted|EACCES|EPERM|EROFS|invalid permissions|wrong ownership/.test(output)) {
    return new CannotStart(
      `PostgreSQL can't use ${dir}. Change the owner of the directory to your user, or set DATA_DIR to another one. ` +
        `If you are root and this machine forbids user namespaces, choose a directory that every user can reach.`,
    )
  }
  if (/Address already in use/.test(output))
    return new CannotStart('Another program took the port of PostgreSQL during the start. Try again.')
  return new Error(`PostgreSQL did not start:\n${output.trim()}`)
}
