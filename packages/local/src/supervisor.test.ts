import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { identify, stillRuns } from './process-identity.ts'
import { prints, supervise, type Service } from './supervisor.ts'

const place = mkdtempSync(join(tmpdir(), 'tollgate-supervisor-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('a service restarts within five seconds each time it dies', async () => {
  const pids: number[] = []
  const deaths: string[] = []
  const startedAt = performance.now()
  await using service = supervise(aService(`console.log('listening now'); setInterval(() => {}, 1000)`), {
    onStart: (pid) => pids.push(pid),
    onDeath: (how) => deaths.push(how),
  })
  await service.ready
  const startTime = performance.now() - startedAt // allow more time on a busy machine

  for (const times of [1, 2]) {
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await expect.poll(() => pids.length, { timeout: 5_000 + 10 * startTime }).toBe(times + 1)
  }
  expect(deaths).toEqual(['SIGKILL', 'SIGKILL'])
  expect(identify(pids.at(-1) ?? 0)).toBeDefined()
})

test('the error of a service that exits during its start has its output', async () => {
  await using service = supervise(aService(`console.error('PORT must be a number'); process.exit(3)`), quietly)
  await expect(service.ready).rejects.toThrow(/exited during its start \(exit code 3\)[^]*PORT must be a number/)
})

test('stopping a service waits until it has finished and exited', async () => {
  const file = join(place, 'last-write')
  const writeOnExit = `process.on('SIGTERM', () => setTimeout(() => { require('fs').writeFileSync(${JSON.stringify(file)}, 'done'); process.exit() }, 300))`
  let pid = 0
  const service = supervise(aService(`${writeOnExit}; setInterval(() => {}, 1000); console.log('listening now')`), {
    ...quietly,
    onStart: (started) => (pid = started),
  })
  await service.ready
  const identity = identify(pid)
  await service[Symbol.asyncDispose]()

  expect(readFileSync(file, 'utf8')).toBe('done')
  expect(identity && stillRuns(identity)).toBe(false)
})

const quietly = { onStart: () => undefined, onDeath: () => undefined }

let programs = 0
function aService(source: string): Service {
  const program = join(place, `program-${(programs += 1)}.cjs`)
  writeFileSync(program, source)
  return {
    title: 'test service',
    args: [program],
    env: process.env,
    logFile: join(place, 'service.log'),
    isReady: prints('listening now'),
  }
}
