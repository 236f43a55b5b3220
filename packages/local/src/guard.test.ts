import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identify } from './process-identity.ts'

const PATIENCE_MS = 20_000

/** A run with one child that ignores the death of its parent. It prints the child's pid, and ends on its input. */
const RUN = `
  import { spawn } from 'node:child_process'
  import { startGuard } from ${JSON.stringify(import.meta.resolve('./guard.ts'))}
  import { lockDataDir } from ${JSON.stringify(import.meta.resolve('./run-lock.ts'))}
  const [dataDir, remove] = process.argv.slice(1)
  const lock = await lockDataDir(dataDir, () => undefined)
  const guard = startGuard(dataDir, { remove: remove === 'true' })
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  lock.remember('child', child.pid)
  console.log(child.pid)
  process.stdin.once('data', () => {
    guard[Symbol.dispose]()
    lock[Symbol.dispose]()
    process.exit(0)
  })`

async function startRun(dataDir: string, { remove }: { remove: boolean }) {
  const run = spawn(process.execPath, ['--input-type=module', '--eval', RUN, dataDir, String(remove)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(run.stdout, 'data')) as [Buffer]
  return { run, child: Number(line.toString()) }
}

test.each([true, false])(
  'a kill -9 leaves no child behind; its data is deleted if it is a throwaway: %s',
  async (remove) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-guard-'))
    const { run, child } = await startRun(dataDir, { remove })
    expect(identify(child)).toBeDefined()
    run.kill('SIGKILL')
    await expect.poll(() => identify(child), { timeout: PATIENCE_MS }).toBeUndefined()
    await expect.poll(() => existsSync(dataDir), { timeout: PATIENCE_MS }).toBe(!remove)
    rmSync(dataDir, { recursive: true, force: true })
  },
  60_000,
)

test('a run that ends in order is not cleaned up after', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-guard-'))
  const { run, child } = await startRun(dataDir, { remove: true })
  run.stdin.write('end')
  await once(run, 'exit')
  expect(identify(child)).toBeDefined()
  expect(existsSync(dataDir)).toBe(true)
  process.kill(child, 'SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})
