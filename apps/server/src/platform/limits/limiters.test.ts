import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { MINUTE } from '../durations.ts'
import type { CountPoints } from './count-points.ts'
import { ExpiringMap } from './expiring-map.ts'
import { LocalLimiter, SharedLimiter } from './limiters.ts'

const outcome = (consumed: Promise<void>) =>
  consumed.then(
    () => 'fine',
    (error) => error.retryAfter,
  )

/** Counts as the database does. */
function counting(): { count: CountPoints; counted: string[] } {
  const counters = new Map<string, { points: number; expire: number }>()
  const counted: string[] = []
  return {
    counted,
    async count({ key, points, expire }) {
      counted.push(key)
      const known = counters.get(key) ?? { points: 0, expire }
      counters.set(key, { ...known, points: known.points + points })
      return { key, points: known.points + points, expire: String(known.expire) }
    },
  }
}

describe('a limiter that all replicas share', () => {
  const options = { prefix: 'w', points: 2, within: MINUTE }

  test('refuses what is over the limit, and asks for patience until the period ends', async () => {
    const limiter = new SharedLimiter(counting().count, { ...options, remembers: false })
    const outcomes = [await outcome(limiter.consume('a')), await outcome(limiter.consume('a'))]
    expect(outcomes).toEqual(['fine', 'fine'])
    expect(await outcome(limiter.consume('a'))).toBe(60)
    expect(await outcome(limiter.consume('b'))).toBe('fine')
  })

  test('remembers keys that are over the limit, and counts them no more', async () => {
    const { count, counted } = counting()
    const limiter = new SharedLimiter(count, { ...options, remembers: true })
    for (let n = 0; n < 5; n++) await outcome(limiter.consume('a'))
    expect(await outcome(limiter.consume('a'))).toBe(60)
    expect(counted).toEqual(['w:a', 'w:a', 'w:a'])
  })

  test('allows another call after one was taken back, if it does not remember', async () => {
    const limiter = new SharedLimiter(counting().count, { ...options, remembers: false })
    for (let n = 0; n < 3; n++) await outcome(limiter.consume('a'))
    await limiter.giveBack('a')
    await limiter.giveBack('a')
    expect(await outcome(limiter.consume('a'))).toBe('fine')
  })
})

describe('a limiter of one process', () => {
  test('refuses what is over the limit, and begins again with the next period', async () => {
    const limiter = new LocalLimiter({ points: 2, within: 300 })
    const outcomes = [1, 2, 3].map(() => outcome(limiter.consume('a')))
    expect(await Promise.all(outcomes)).toEqual(['fine', 'fine', 1])
    expect(await outcome(limiter.consume('b'))).toBe('fine')
    await sleep(310)
    expect(await outcome(limiter.consume('a'))).toBe('fine')
  })
})

test('a map whose entries expire does not keep them when it grows', () => {
  const map = new ExpiringMap<number>()
  map.set('kept', 0, performance.now() + MINUTE)
  for (let n = 1; n < 10_000; n++) map.set(`expired ${n}`, n, performance.now() - 1)
  expect(map.get('expired 1')).toBeUndefined()
  expect(map.get('kept')?.value).toBe(0)
  expect(map.size).toBeLessThan(1_001)
})
