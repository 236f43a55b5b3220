import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { keepBusy, median, quantile } from './load.ts'

test('a quantile is one of the measured values', () => {
  const values = [5, 1, 4, 2, 3]
  expect(median(values)).toBe(3)
  expect(quantile(values, 0.99)).toBe(5)
  expect(quantile(values, 0)).toBe(1)
})

test('each connection makes one call after another until the time is up', async () => {
  const calls: number[] = []
  const running = new Set<number>()
  const startedAt = performance.now()
  const { perSecond, p50 } = await keepBusy(3, 100, async (connection) => {
    if (running.has(connection)) throw new Error('two calls at once on one connection')
    running.add(connection)
    calls.push(connection)
    await new Promise((resolve) => setTimeout(resolve, 2))
    running.delete(connection)
  })
  const elapsed = performance.now() - startedAt

  expect(new Set(calls)).toEqual(new Set([0, 1, 2]))
  expect(calls.length).toBeGreaterThan(3)
  expect(p50).toBeGreaterThan(1)
  expect(elapsed).toBeGreaterThanOrEqual(100)
  expect(perSecond).toBeLessThanOrEqual(calls.length * 10)
  expect(perSecond).toBeGreaterThanOrEqual((calls.length * 1000) / elapsed)
})

test('a failing call ends the run', async () => {
  await expect(keepBusy(1, 1_000, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})

test.each([
  { server: 95, verdict: 'ok' },
  { server: 85, verdict: 'slow' },
  { server: 70, verdict: 'FAILED' },
])('$server of 100, with a target of 90 and failure below 80, is $verdict', async ({ server, verdict }) => {
  const figure = { title: 'logins', mark: 0.9, wrongBelow: 0.8, server: async () => server, ceiling: async () => 100 }
  const comparison = await compare(figure, { rounds: 3, milliseconds: 1 })
  expect(comparison).toMatchObject({ server, ceiling: 100, ratio: server / 100, verdict })
})
