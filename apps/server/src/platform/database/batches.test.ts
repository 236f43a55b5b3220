import { setImmediate as endOfTick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inBatches, inBatchesByTick } from './batches.ts'

test('a single item is worked on at once, and items that arrive meanwhile form the next batch', async () => {
  const batches: number[][] = []
  const add = inBatches(async (items: readonly number[]) => {
    await endOfTick()
    batches.push([...items])
    return items
  })

  await Promise.all([1, 2, 3, 4].map((item) => add(item)))
  expect(batches).toEqual([[1], [2, 3, 4]])
  await add(5)
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

test('items of one tick form a batch, which does not wait for the batch before it', async () => {
  const batches: number[][] = []
  const gate = Promise.withResolvers<void>()
  const add = inBatchesByTick(async (items: readonly number[]) => {
    batches.push([...items])
    await gate.promise
    return items
  })

  const first = Promise.all([add(1), add(2)])
  await endOfTick()
  await endOfTick()
  const second = Promise.all([add(3), add(4)])
  await endOfTick()
  await endOfTick()
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  gate.resolve()
  expect([...(await first), ...(await second)]).toEqual([1, 2, 3, 4])
})

test.each([
  ['inBatches', inBatches],
  ['inBatchesByTick', inBatchesByTick],
])('an item that fails does so alone, and the others of its batch are done (%s)', async (_how, gather) => {
  const done: number[] = []
  const work = gather(async (items: readonly number[]) => {
    await endOfTick()
    if (items.includes(3)) throw new Error('not three')
    done.push(...items)
    return items.map((item) => item * 10)
  })

  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => work(item)))
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    10,
    20,
    'failed',
    40,
  ])
  expect(done.toSorted()).toEqual([1, 2, 4])
})

test.each([
  ['inBatches', inBatches, [1, 100, 100, 50]],
  ['inBatchesByTick', inBatchesByTick, [100, 100, 51]],
])('a rush of items is cut into batches of a hundred (%s)', async (_how, gather, expected) => {
  const sizes: number[] = []
  const work = gather(async (items: readonly number[]) => {
    sizes.push(items.length)
    await endOfTick()
    return items
  })

  await Promise.all(Array.from({ length: 251 }, (_, index) => work(index)))
  expect(sizes).toEqual(expected)
})
