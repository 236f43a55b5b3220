import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { openLog } from './rotating-log.ts'

export interface Command {
  /** Node's arguments: a file, then the arguments of the program in it. */
  args: string[]
  cwd?: string
  env: NodeJS.ProcessEnv
  logFile: string
}

export interface Child {
  pid: number
  /** Resolves when the process has ended. */
  ended: Promise<Ending>
  /** The last lines that it printed, to explain why it ended. */
  lastLines(): string
  onLine(listener: (line: string) => void): void
  /** Sends SIGTERM, and SIGKILL after `patience` milliseconds. Resolves when the process has ended. */
  stop(patience: number): Promise<void>
}

export interface Ending {
  ok: boolean
  /** `exit code 1`, `SIGKILL`, … */
  how: string
}

const LAST_LINES = 15

/** Runs a Node program in its own process group, so that Ctrl-C doesn't reach it. Its output goes to its log. */
export function startChild({ args, cwd, env, logFile }: Command): Child {
  const log = openLog(logFile)
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  if (pid === undefined) throw new Error(`Could not start ${args[0]}.`)

  const lines: string[] = []
  const listeners: ((line: string) => void)[] = []
  const output = new PassThrough()
  createInterface({ input: output }).on('line', (line) => {
    if (line.trim() !== '') lines.push(line)
    if (lines.length > LAST_LINES) lines.shift()
    for (const listener of listeners) listener(line)
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk)
      output.write(chunk)
    })
  }

  const ended = new Promise<Ending>((resolve) => {
    // 'close', not 'exit': at 'exit', its last lines may still be in the pipe.
    child.once('close', (code, signal) => {
      log.close()
      resolve({ ok: code === 0, how: signal ?? `exit code ${code}` })
    })
  })

  return {
    pid,
    ended,
    lastLines: () => lines.join('\n'),
    onLine: (listener) => listeners.push(listener),
    async stop(patience) {
      signalGroup(pid, 'SIGTERM')
      const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), patience)
      await ended
      clearTimeout(insist)
    },
  }
}

/** Signals a process and everything that it started. Does nothing if they have ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: already ended
  }
}
