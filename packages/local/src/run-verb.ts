import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { startChild } from './child-process.ts'
import { logDir } from './data-dir.ts'
import { SERVER_PROGRAM } from './workspace.ts'

/**
 * Runs a verb of the server's program to its end.
 *
 * @throws {CannotStart} it failed, with its last words.
 */
export async function runVerb(
  verb: 'migrate' | 'seed',
  { dataDir, env }: { dataDir: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const logFile = join(logDir(dataDir), `${verb}.log`)
  const child = startChild({ args: [SERVER_PROGRAM, verb], env, logFile })
  const interrupt = () => void child.stop(5_000)
  signal.addEventListener('abort', interrupt)
  const { ok, how } = await child.ended
  signal.removeEventListener('abort', interrupt)

  signal.throwIfAborted()
  if (!ok) throw new CannotStart(`The server's \`${verb}\` failed (${how}), see ${logFile}:\n${child.lastLines()}`)
}
