import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { identify, stillRuns } from './process-identity.ts'
import { prints, supervise, type Service } from './supervisor.ts'

const place = mkdtempSync(join(tmpdir(), 'tollgate-supervisor-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('a service that dies is running again within five seconds, as often as it dies', async () => {
  const pids: number[] = []
  const deaths: string[] = []
  await using service = supervise(aService(`console.log('at your service'); setInterval(() => {}, 1000)`), {
    onStart: (pid) => pids.push(pid),
    onDeath: (how) => deaths.push(how),
  })
  await service.ready

  for (const times of [1, 2]) {
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await expect.poll(() => pids.length, { timeout: 5_000 }).toBe(times + 1)
  }
  expect(deaths).toEqual(['SIGKILL', 'SIGKILL'])
  expect(identify(pids.at(-1) ?? 0)).toBeDefined()
})

test('one that ends before it is ready is told of, in its own words', async () => {
  await using service = supervise(aService(`console.error('PORT must be a number'); process.exit(3)`), quietly)
  await expect(service.ready).rejects.toThrow(/ended while starting \(exit code 3\)[^]*PORT must be a number/)
})

test('stopping waits for what the service still has to do, and leaves no process of it', async () => {
  const file = join(place, 'last-deed')
  const lastDeed = `process.on('SIGTERM', () => setTimeout(() => { require('fs').writeFileSync(${JSON.stringify(file)}, 'done'); process.exit() }, 300))`
  let pid = 0
  const service = supervise(aService(`${lastDeed}; setInterval(() => {}, 1000); console.log('at your service')`), {
    ...quietly,
    onStart: (started) => (pid = started),
  })
  await service.ready
  const process_ = identify(pid)
  await service[Symbol.asyncDispose]()

  expect(readFileSync(file, 'utf8')).toBe('done')
  expect(process_ && stillRuns(process_)).toBe(false)
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
    isReady: prints('at your service'),
  }
}
