import { readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from './cannot-start.ts'
import { isPortFree } from './ports.ts'

const PATIENCE = 20_000

/**
 * Looks after what a previous PostgreSQL left in its directory: the port of one that still runs, or undefined once
 * nothing is in the way of a new one.
 *
 * `postmaster.pid` outlives a kill -9, and its pid may by then be a zombie, or belong to a stranger after a reboot;
 * PostgreSQL takes both for a running server and refuses to start. Under Linux that can be told from /proc, so the file
 * is removed only when no PostgreSQL process works in the directory any more. Elsewhere PostgreSQL decides alone.
 *
 * @throws {CannotStart} one runs there and answers nobody for 20 s.
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
      throw new CannotStart(`A PostgreSQL (pid ${lock.pid}) holds ${dir} but doesn't answer: end it and try again.`)
    }
    await sleep(100) // still starting, or orphaned backends that are about to notice
  }
}

/** The lock file's first and fourth line. @see https://www.postgresql.org/docs/18/storage-file-layout.html */
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

/** Pids of the PostgreSQL processes that work in this directory (zombies don't), or undefined where /proc can't tell. */
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
