import { setImmediate as endOfTick, setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inBatches, inBatchesByTick } from './batches.ts'

test('what comes alone is worked on at once; what comes meanwhile makes up the next batch', async () => {
  const batches: number[][] = []
  const add = inBatches(async (items: readonly number[]) => {
    await sleep(5)
    batches.push([...items])
    return items
  })

  await Promise.all([1, 2, 3, 4].map((item) => add(item)))
  expect(batches).toEqual([[1], [2, 3, 4]])
  await add(5)
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

test('what comes in one turn of the event loop makes up a batch, which waits for no other', async () => {
  const batches: number[][] = []
  const add = inBatchesByTick(async (items: readonly number[]) => {
    batches.push([...items])
    await sleep(20)
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
  expect([...(await first), ...(await second)]).toEqual([1, 2, 3, 4])
})

test.each([
  ['one after the other', inBatches],
  ['by turn', inBatchesByTick],
])('one that can not be done fails alone, and the others of its batch are done (%s)', async (_when, gather) => {
  const done: number[] = []
  const work = gather(async (items: readonly number[]) => {
    await sleep(1)
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
  ['one after the other', inBatches, [1, 100, 100, 50]],
  ['by turn', inBatchesByTick, [100, 100, 51]],
])('a rush is cut into batches of a hundred (%s)', async (_when, gather, expected) => {
  const sizes: number[] = []
  const work = gather(async (items: readonly number[]) => {
    sizes.push(items.length)
    await sleep(1)
    return items
  })

  await Promise.all(Array.from({ length: 251 }, (_, index) => work(index)))
  expect(sizes).toEqual(expected)
})
