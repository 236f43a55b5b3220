import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { identify, stillRuns } from './process-identity.ts'
import { lockDataDir } from './run-lock.ts'

const place = mkdtempSync(join(tmpdir(), 'tollgate-lock-'))
const runFile = join(place, 'run.json')
const silently = () => undefined
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('a second start in the same directory is refused until the first run ends', async () => {
  const first = await lockDataDir(place, silently)
  await expect(lockDataDir(place, silently)).rejects.toThrow(/already running .* Stop it first/)
  first[Symbol.dispose]()

  const second = await lockDataDir(place, silently)
  second[Symbol.dispose]()
  expect(existsSync(runFile)).toBe(false)
})

test('a start ends the processes of a killed run, but no others', async () => {
  const orphan = aProcess()
  const unrelated = aProcess()
  const killed = { pid: 2 ** 22 + 1, began: 'long ago' } // larger than the largest possible pid
  const children = { API: identify(orphan.pid ?? 0), worker: { pid: unrelated.pid, began: 'long ago' } }
  writeFileSync(runFile, JSON.stringify({ owner: killed, stopping: false, children, configuration: {} }))

  using lock = await lockDataDir(place, silently)
  lock.remember('unrelated', unrelated.pid ?? 0)
  expect(identify(orphan.pid ?? 0)).toBeUndefined()
  expect(identify(unrelated.pid ?? 0)).toBeDefined()
  unrelated.kill('SIGKILL')
})

test('only one of several simultaneous starts after a kill gets the lock', async () => {
  writeFileSync(runFile, JSON.stringify({ owner: { pid: 2 ** 22 + 1, began: 'long ago' }, children: {} }))
  const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => lockDataDir(place, silently)))
  const winners = attempts.filter((attempt) => attempt.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  winners[0]?.value[Symbol.dispose]()
})

test('a damaged lock file does not prevent a start', async () => {
  writeFileSync(runFile, '{')
  using lock = await lockDataDir(place, silently)
  lock.markStopping()
  expect(JSON.parse(readFileSync(runFile, 'utf8'))).toMatchObject({ owner: { pid: process.pid }, stopping: true })
})

test('a process is not mistaken for an earlier one with the same pid', () => {
  const self = identify(process.pid)
  expect(self && stillRuns(self)).toBe(true)
  expect(stillRuns({ pid: process.pid, began: 'long ago' })).toBe(false)
})

function aProcess(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
}
