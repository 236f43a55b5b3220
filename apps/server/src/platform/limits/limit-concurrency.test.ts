import { expect, test } from 'vitest'
import { limitConcurrency, limitConcurrencyByKey } from './limit-concurrency.ts'

test('so much goes on at once, the rest waits its turn, and what is too much is sent away', async () => {
  const inTurn = limitConcurrency({ atOnce: 2, waitingLimit: 1 })
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>())
  const begun: number[] = []
  const calls = gates.map(({ promise }, index) =>
    inTurn(async () => {
      begun.push(index)
      await promise
      return index
    }),
  )
  await expect(inTurn(async () => 0)).rejects.toMatchObject({ reason: 'BUSY', code: 'SERVICE_UNAVAILABLE' })
  expect(begun).toEqual([0, 1])

  gates[0]?.reject(new Error('went wrong'))
  await expect(calls[0]).rejects.toThrow('went wrong')
  await expect.poll(() => begun).toEqual([0, 1, 2])
  for (const { resolve } of gates) resolve()
  expect(await Promise.all(calls.slice(1))).toEqual([1, 2])
  expect(await inTurn(async () => 'free again')).toBe('free again')
})

test('of each key one goes on at once, others are not kept waiting, and what is too much of one is sent away', async () => {
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: 1 })
  const gate = Promise.withResolvers<void>()
  const [first, second] = [inTurnOf('a', () => gate.promise), inTurnOf('a', async () => 'second')]
  expect(await inTurnOf('b', async () => 'other')).toBe('other')
  await expect(inTurnOf('a', async () => 'third')).rejects.toMatchObject({ reason: 'BUSY' })
  gate.reject(new Error('went wrong'))
  await expect(first).rejects.toThrow('went wrong')
  expect(await second).toBe('second')
  expect(await inTurnOf('a', async () => 'anew')).toBe('anew')
})
