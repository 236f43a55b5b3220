import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

async function* slowly(count: number) {
  for (let item = 1; item <= count; item++) {
    yield item
    await pause(20)
  }
}

test('inParallel never works on more items at once than allowed', async () => {
  let [now, most, done] = [0, 0, 0]
  await inParallel(3, slowly(8), async () => {
    most = Math.max(most, ++now)
    await pause(70)
    now -= 1
    done += 1
  })
  expect([most, done]).toEqual([3, 8])
})

test('inParallel reports an error that occurs while it waits for the next item, after the others have finished', async () => {
  const seen: string[] = []
  const work = inParallel(4, slowly(50), async (item) => {
    if (item === 2) throw new Error('the second')
    await pause(60)
    seen.push(`done ${item}`)
  })
  await expect(work).rejects.toThrow('the second')
  expect(seen).toEqual(['done 1'])
})
