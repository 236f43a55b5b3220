import { expect, test } from 'vitest'
import { limitConcurrency, limitConcurrencyByKey } from './limit-concurrency.ts'

test('limited work runs up to the limit, further work waits in line, and the rest is refused as busy', async () => {
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

test('work of one key runs one at a time without delaying other keys, and too much of it is refused as busy', async () => {
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: 1 })
  const gate = Promise.withResolvers<void>()
  const [first, second] = [inTurnOf('a', () => gate.promise), inTurnOf('a', async () => 'second')]
  expect(await inTurnOf('b', async () => 'other')).toBe('other')
  await expect(inTurnOf('a', async () => 'third')).rejects.toMatchObject({ reason: 'BUSY' })
  gate.reject(new Error('went wrong'))
  await expect(first).rejects.toThrow('went wrong')
  expect(await second).toBe('second')
  expect(await inTurnOf('a', async () => 'again')).toBe('again')
})
