import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process told apart from a later one that happens to get the same pid. */
export interface ProcessIdentity {
  pid: number
  /** When it began, in whatever form this system tells it. */
  began: string
}

/** The identity of a running process; undefined when there is none (a zombie is none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const began = process.platform === 'linux' ? beganByProc(pid) : beganByPs(pid)
  return began === undefined ? undefined : { pid, began }
}

/** Whether that very process still runs. */
export function stillRuns({ pid, began }: ProcessIdentity): boolean {
  return identify(pid)?.began === began
}

/** Fields 3 (state) and 22 (start, in ticks since boot) of /proc/<pid>/stat. @see proc_pid_stat(5) */
function beganByProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before it may hold spaces
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
