import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { keepBusy, median, quantile } from './load.ts'

test('Quantiles are values that were measured', () => {
  const values = [5, 1, 4, 2, 3]
  expect(median(values)).toBe(3)
  expect(quantile(values, 0.99)).toBe(5)
  expect(quantile(values, 0)).toBe(1)
})

test('Every connection makes one call after the other until the time is up', async () => {
  const calls = [0, 0, 0]
  const { perSecond, p50 } = await keepBusy(3, 100, async (connection) => {
    calls[connection] = (calls[connection] ?? 0) + 1
    await new Promise((resolve) => setTimeout(resolve, 10))
  })
  for (const count of calls) expect(count).toBeGreaterThan(1)
  expect(p50).toBeGreaterThan(5)
  expect(perSecond).toBeLessThan(300)
})

test('A call that fails ends the run', async () => {
  await expect(keepBusy(1, 1_000, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})

test.each([
  { ours: 95, verdict: 'holds' },
  { ours: 85, verdict: 'below the mark' },
  { ours: 70, verdict: 'WRONG' },
])('$ours of 100, with a mark at 90 and an alarm at 80: $verdict', async ({ ours, verdict }) => {
  const figure = { title: 'log-ins', mark: 0.9, wrongBelow: 0.8, ours: async () => ours, ceiling: async () => 100 }
  const comparison = await compare(figure, { rounds: 3, milliseconds: 1 })
  expect(comparison).toMatchObject({ ours, ceiling: 100, ratio: ours / 100, verdict })
})
