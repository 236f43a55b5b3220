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
  /** Who started the owner and passes signals on to it; gone, the owner has nobody left. */
  launcher: ProcessIdentity | undefined
  stopping: boolean
  children: Record<string, ProcessIdentity>
  /** What the API and the worker were configured with. */
  configuration: NodeJS.ProcessEnv
}

export interface RunLock extends Disposable {
  /** Remembers a child, so that the next run can end it should this one be killed. */
  remember(name: string, pid: number): void
  /** Remembers the server's configuration for verbs that are run meanwhile. */
  configure(env: NodeJS.ProcessEnv): void
  /** From here on another start waits for the end of this one instead of giving up. */
  markStopping(): void
}

/** The child that the others depend on. */
export const DATABASE = 'database'
const POLITE_PATIENCE = 30_000
const STOP_PATIENCE = 12_000

/**
 * Makes this process the only one that runs the stack in `dataDir`, and ends what a killed run has left there.
 *
 * @throws {CannotStart} another run is alive.
 */
export async function lockDataDir(dataDir: string, say: (line: string) => void): Promise<RunLock> {
  const path = runFile(dataDir)
  const owner = identify(process.pid)
  if (!owner) throw new Error('this process can not be seen by itself')
  const launcher = process.channel ? identify(process.ppid) : undefined
  const run: Run = { owner, launcher, stopping: false, children: {}, configuration: {} }

  while (!createWhole(path, JSON.stringify(run))) {
    const before = readRun(path)
    if (before) await endRun(before, dataDir, say)
    // Whoever else waited for the same end may have it by now: then it is theirs.
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

/** The configuration of the server that runs in `dataDir`; undefined when none does. */
export function runningConfiguration(dataDir: string): NodeJS.ProcessEnv | undefined {
  const run = readRun(runFile(dataDir))
  return run && stillRuns(run.owner) && run.configuration['DATABASE_URL'] ? run.configuration : undefined
}

const runFile = (dataDir: string) => join(dataDir, 'run.json')

/** Creates the file with its content at once; false when it is there already. */
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
        `Tollgate already runs on ${dataDir} (pid ${owner.pid}): stop that one first, or set DATA_DIR to another directory.`,
      )
    }
    say('waiting for the previous run to end')
    if (!stopping) process.kill(owner.pid, 'SIGTERM')
    if (!(await gone(owner, POLITE_PATIENCE))) process.kill(owner.pid, 'SIGKILL')
  }

  if (Object.values(children).some(stillRuns)) say('ending what a killed run has left behind')
  const { [DATABASE]: database, ...others } = children
  await Promise.all(Object.values(others).map((orphan) => end(orphan, 'SIGTERM')))
  // The others may have had something to write still. To PostgreSQL SIGINT says: don't wait for clients to leave.
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
