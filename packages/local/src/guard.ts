import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('./guard-program.ts', import.meta.url))

/**
 * Starts a process that outlives this one. If this one is killed, even by a kill -9, it ends the processes that the lock
 * of `dataDir` lists. Dispose of it when they have been stopped.
 *
 * @param remove whether to delete `dataDir` afterwards.
 */
export function startGuard(dataDir: string, { remove }: { remove: boolean }): Disposable {
  // The pipe to its input closes when this process dies. Its own process group keeps a Ctrl-C away from it.
  const guard = spawn(process.execPath, [PROGRAM, dataDir, String(process.pid), ...(remove ? ['--remove'] : [])], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => undefined) // the run works without it
  guard.stdin.on('error', () => undefined)
  guard.unref()
  return {
    [Symbol.dispose]() {
      guard.kill('SIGKILL')
    },
  }
}
