import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { openLog } from './rotating-log.ts'

export interface Command {
  /** What Node runs: a file, then its arguments. */
  args: string[]
  cwd?: string
  env: NodeJS.ProcessEnv
  logFile: string
}

export interface Child {
  pid: number
  /** Settles when the process has ended, with how: `exit code 1`, `SIGKILL`. */
  ended: Promise<Ending>
  /** What it printed last, for a person who wants to know why it ended. */
  lastLines(): string
  onLine(listener: (line: string) => void): void
  /** Asks it to end, insists after `patience` ms, and waits until it has. */
  stop(patience: number): Promise<void>
}

export interface Ending {
  ok: boolean
  how: string
}

const LAST_LINES = 15

/** Starts Node on a program in a process group of its own (a Ctrl-C in the terminal is ours to pass on), output to its log. */
export function startChild({ args, cwd, env, logFile }: Command): Child {
  const log = openLog(logFile)
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  if (pid === undefined) throw new Error(`${args[0]} could not be started`)

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
    // 'close' rather than 'exit': its last words are still in the pipe.
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

/** Signals a process and whatever it started; nothing happens when they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: gone already
  }
}
