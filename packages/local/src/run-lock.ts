import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart, systemErrorCode } from './cannot-start.ts'
import { signalGroup } from './child-process.ts'
import { configurationIn } from './configuration.ts'
import { identify, stillRuns, type ProcessIdentity } from './process-identity.ts'
import { writeFileWhole } from './write-file.ts'

interface Run {
  owner: ProcessIdentity
  /** The process that started the owner and forwards signals to it. If it has died, the owner is abandoned. */
  launcher: ProcessIdentity | undefined
  stopping: boolean
  children: Record<string, ProcessIdentity>
  /** The settings of the API and the worker. */
  configuration: NodeJS.ProcessEnv
}

export interface RunLock extends Disposable {
  /** Records a child process. If this run is killed, the next run ends the child. */
  remember(name: string, pid: number): void
  /** Records the server's settings for verbs that run while this run lasts. */
  configure(env: NodeJS.ProcessEnv): void
  /** After this, another start waits for the end of this run instead of failing. */
  markStopping(): void
}

/** The name of the child that the others depend on. */
export const DATABASE = 'database'
/** How long a previous run gets to stop, in milliseconds. */
const POLITE_PATIENCE = 30_000
/** How long a process gets to stop, in milliseconds. */
const STOP_PATIENCE = 12_000

/**
 * Makes this process the only one that runs the stack in `dataDir`, and ends the processes of a killed run.
 *
 * @throws {CannotStart} when another run is alive.
 */
export async function lockDataDir(dataDir: string, say: (line: string) => void): Promise<RunLock> {
  const path = runFile(dataDir)
  const owner = identify(process.pid)
  if (!owner) throw new Error('Cannot read the start time of this process.')
  const launcher = process.channel ? identify(process.ppid) : undefined
  const run: Run = { owner, launcher, stopping: false, children: {}, configuration: {} }

  while (!createWhole(path, JSON.stringify(run))) {
    const before = readRun(path)
    if (before) await endRun(before, dataDir, say)
    // Another start may have waited for the same run to end, and may own the lock now. Then keep its lock.
    if (readRun(path)?.owner.began === before?.owner.began) rmSync(path, { force: true })
  }

  let released = false
  const save = () => {
    if (!released) writeFileWhole(path, JSON.stringify(run))
  }
  return {
    remember(name, pid) {
      const child = identify(pid)
      if (!child) return
      run.children[name] = child
      save()
    },
    configure(env) {
      run.configuration = configurationIn(env)
      save()
    },
    markStopping() {
      run.stopping = true
      save()
    },
    [Symbol.dispose]() {
      released = true
      rmSync(path, { force: true })
    },
  }
}

/** The settings of the server that runs in `dataDir`; undefined if none does. */
export function runningConfiguration(dataDir: string): NodeJS.ProcessEnv | undefined {
  const run = readRun(runFile(dataDir))
  return run && stillRuns(run.owner) && run.configuration['DATABASE_URL'] ? run.configuration : undefined
}

const runFile = (dataDir: string) => join(dataDir, 'run.json')

/** Creates a file together with its content. Returns false if it already exists. */
function createWhole(path: string, content: string): boolean {
  const unfinished = `${path}.${process.pid}.new`
  writeFileSync(unfinished, content, { mode: 0o600 })
  try {
    linkSync(unfinished, path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(unfinished, { force: true })
  }
}

function readRun(path: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Run
  } catch {
    return undefined
  }
}

async function endRun({ owner, launcher, stopping, children }: Run, dataDir: string, say: (line: string) => void) {
  if (stillRuns(owner)) {
    const abandoned = stopping || (launcher !== undefined && !stillRuns(launcher))
    if (!abandoned) {
      throw new CannotStart(
        `Tollgate is already running on ${dataDir} (pid ${owner.pid}). Stop it first, or set DATA_DIR to another directory.`,
      )
    }
    say('waiting for the previous run to stop')
    if (!stopping) process.kill(owner.pid, 'SIGTERM')
    if (!(await gone(owner, POLITE_PATIENCE))) process.kill(owner.pid, 'SIGKILL')
  }

  if (Object.values(children).some(stillRuns)) say('stopping the processes of a killed run')
  await endChildren(children)
}

/** Ends the processes of the run in `dataDir` if its process `ownerPid` has died. Does nothing if it still runs. */
export async function endKilledRun(dataDir: string, ownerPid: number): Promise<void> {
  const run = readRun(runFile(dataDir))
  if (run?.owner.pid === ownerPid && !stillRuns(run.owner)) await endChildren(run.children)
}

async function endChildren(children: Run['children']) {
  const { [DATABASE]: database, ...others } = children
  await Promise.all(Object.values(others).map((orphan) => end(orphan, 'SIGTERM')))
  // Last, because the others may still write to it. SIGINT tells PostgreSQL not to wait for its clients.
  if (database) await end(database, 'SIGINT')
}

async function end(orphan: ProcessIdentity, signal: NodeJS.Signals) {
  if (!stillRuns(orphan)) return
  signalGroup(orphan.pid, signal)
  if (!(await gone(orphan, STOP_PATIENCE))) signalGroup(orphan.pid, 'SIGKILL')
  await gone(orphan, STOP_PATIENCE)
}

async function gone(identity: ProcessIdentity, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience
  while (stillRuns(identity)) {
    if (Date.now() > deadline) return false
    await sleep(50)
  }
  return true
}
