import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inBatches } from './batches.ts'

test('what comes alone is worked on at once; what comes meanwhile makes up the next batch', async () => {
  const batches: number[][] = []
  const add = inBatches(async (items: readonly number[]) => {
    await sleep(5)
    batches.push([...items])
  })

  await Promise.all([1, 2, 3, 4].map((item) => add(item)))
  expect(batches).toEqual([[1], [2, 3, 4]])
  await add(5)
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

test('one that can not be done fails alone, and the others of its batch are done', async () => {
  const done: number[] = []
  const work = inBatches(async (items: readonly number[]) => {
    await sleep(1)
    if (items.includes(3)) throw new Error('not three')
    done.push(...items)
  })

  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => work(item)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(done).toEqual([1, 2, 4])
})

test('a rush is cut into batches of a hundred', async () => {
  const sizes: number[] = []
  const work = inBatches(async (items: readonly number[]) => {
    sizes.push(items.length)
    await sleep(1)
  })

  await Promise.all(Array.from({ length: 251 }, (_, index) => work(index)))
  expect(sizes).toEqual([1, 100, 100, 50])
})
