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

test('a second start in the same directory is refused while the first runs, and let in after it', async () => {
  const first = await lockDataDir(place, silently)
  await expect(lockDataDir(place, silently)).rejects.toThrow(/already runs .* stop that one first/)
  first[Symbol.dispose]()

  const second = await lockDataDir(place, silently)
  second[Symbol.dispose]()
  expect(existsSync(runFile)).toBe(false)
})

test('what a killed run left behind is ended, and nothing else', async () => {
  const orphan = aProcess()
  const stranger = aProcess()
  const killed = { pid: 2 ** 22 + 1, began: 'long ago' } // beyond the largest pid: nobody's
  const children = { API: identify(orphan.pid ?? 0), worker: { pid: stranger.pid, began: 'long ago' } }
  writeFileSync(runFile, JSON.stringify({ owner: killed, stopping: false, children, configuration: {} }))

  using lock = await lockDataDir(place, silently)
  lock.remember('stranger', stranger.pid ?? 0)
  expect(identify(orphan.pid ?? 0)).toBeUndefined()
  expect(identify(stranger.pid ?? 0)).toBeDefined()
  stranger.kill('SIGKILL')
})

test('of many that start at the same moment after a kill, one gets in', async () => {
  writeFileSync(runFile, JSON.stringify({ owner: { pid: 2 ** 22 + 1, began: 'long ago' }, children: {} }))
  const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => lockDataDir(place, silently)))
  const winners = attempts.filter((attempt) => attempt.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  winners[0]?.value[Symbol.dispose]()
})

test('a lock file that makes no sense is in nobody’s way', async () => {
  writeFileSync(runFile, '{')
  using lock = await lockDataDir(place, silently)
  lock.markStopping()
  expect(JSON.parse(readFileSync(runFile, 'utf8'))).toMatchObject({ owner: { pid: process.pid }, stopping: true })
})

test('a process is not taken for another one with the same pid', () => {
  const self = identify(process.pid)
  expect(self && stillRuns(self)).toBe(true)
  expect(stillRuns({ pid: process.pid, began: 'long ago' })).toBe(false)
})

function aProcess(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
}
