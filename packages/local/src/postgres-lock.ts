import { readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from './cannot-start.ts'
import { isPortFree } from './ports.ts'

/** How long a running server may take to answer, in milliseconds. */
const PATIENCE = 20_000

/**
 * Finds the PostgreSQL that still runs in a directory, and removes the lock file of one that was killed.
 *
 * `postmaster.pid` survives a kill -9. Its pid may then be a zombie, or another program's after a reboot. PostgreSQL
 * takes both for a running server and refuses to start. On Linux, /proc shows whether a PostgreSQL process still uses
 * the directory; the file is removed only if none does. On other systems, PostgreSQL decides.
 *
 * @returns the port of the running server, or undefined if a new server can start.
 * @throws {CannotStart} when a server holds the directory but does not answer for 20 s.
 */
export async function portOfRunningServer(dir: string): Promise<number | undefined> {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const lock = readLock(dir)
    if (!lock) return undefined
    if (lock.port !== undefined && isAlive(lock.pid, dir) && !(await isPortFree(lock.port))) return lock.port

    const others = serversIn(dir)
    if (others === undefined && !isAlive(lock.pid, dir)) return undefined
    if (others?.length === 0) {
      rmSync(join(dir, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (Date.now() > deadline) {
      throw new CannotStart(`PostgreSQL (pid ${lock.pid}) uses ${dir} but doesn't answer. Stop it and try again.`)
    }
    await sleep(100) // it is still starting, or orphaned backends are about to exit
  }
}

/** The first and the fourth line of the lock file. @see https://www.postgresql.org/docs/18/storage-file-layout.html */
function readLock(dir: string): { pid: number; port: number | undefined } | undefined {
  try {
    const [pid, , , port] = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(pid), port: port ? Number(port) : undefined }
  } catch {
    return undefined
  }
}

function isAlive(pid: number, dir: string): boolean {
  const servers = serversIn(dir)
  if (servers) return servers.includes(pid)
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Pids of the live PostgreSQL processes that use this directory; undefined on systems without /proc. */
function serversIn(dir: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined
  const real = realpathSync(dir)
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isPostgresIn(pid, real))
}

function isPostgresIn(pid: number, dir: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dir && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch {
    return false
  }
}
