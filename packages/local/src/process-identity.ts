import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Identifies a process, even after its pid is reused. */
export interface ProcessIdentity {
  pid: number
  /** When it started. The format depends on the operating system. */
  began: string
}

/** The identity of a running process; undefined if none has this pid, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const began = process.platform === 'linux' ? beganByProc(pid) : beganByPs(pid)
  return began === undefined ? undefined : { pid, began }
}

/** Whether this process still runs. */
export function stillRuns({ pid, began }: ProcessIdentity): boolean {
  return identify(pid)?.began === began
}

/** Fields 3 (state) and 22 (start, in ticks since boot) of /proc/<pid>/stat. @see proc_pid_stat(5) */
function beganByProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before these may contain spaces
    const [state] = fields
    if (state === 'Z' || state === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

function beganByPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  if (status !== 0) return undefined
  const [state, ...began] = stdout.trim().split(/\s+/)
  return !state || state.startsWith('Z') ? undefined : began.join(' ')
}
