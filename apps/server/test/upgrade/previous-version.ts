import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../../../..')

/** A version of the server's program, on disk. */
export interface Version extends Disposable {
  readonly program: string
}

/**
 * Takes the server's sources from the repository's history. They run on the packages that are installed now.
 *
 * @param commit must be in the history: a shallow clone does not have it.
 */
export function versionOf(commit: string): Version {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-version-'))
  const archive = execFileSync('git', ['archive', commit, 'apps/server'], {
    cwd: REPOSITORY,
    maxBuffer: 100 * 2 ** 20,
  })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  symlinkSync(join(REPOSITORY, 'apps/server/node_modules'), join(folder, 'apps/server/node_modules'))
  return {
    program: join(folder, 'apps/server/src/main.ts'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs a verb to its end. @throws with its output when it fails. */
export async function run(program: string, verb: string, env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [program, verb], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`${verb} ended with ${child.exitCode}: ${output.slice(-2_000)}`)
}

/** Starts `serve` or `work` and waits until it is ready. Disposing of it stops it. */
export async function start(
  program: string,
  verb: 'serve' | 'work',
  env: Record<string, string>,
): Promise<AsyncDisposable> {
  const child: ChildProcess = spawn(process.execPath, [program, verb], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const exit = once(child, 'exit')
  const ready = new Promise<void>((resolve) => {
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output = (output + String(chunk)).slice(-10_000)
      if (/"msg":"(?:api|worker) ready"/.test(output)) resolve()
    })
  })
  if (await Promise.race([ready, exit])) throw new Error(`${verb} ended before it was ready.`)
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exit
    },
  }
}
