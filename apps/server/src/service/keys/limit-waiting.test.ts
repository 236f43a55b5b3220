import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { SECOND } from '../../platform/durations.ts'

/** How long a place may take to be free again. If it were not freed, it would be after the 25 seconds of its call. */
const SOON = 10 * SECOND

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
})
afterAll(async () => app[Symbol.asyncDispose]())

test('calls that fail, and calls whose client has left, leave their places to others', async () => {
  const key = await aServiceKey(app, 'events:read', 'introspect')
  const call = (path: string, signal?: AbortSignal) =>
    fetch(`${app.url}/v1/${path}`, { headers: { authorization: `Bearer ${key}` }, signal: signal ?? null })
  const { cursor } = (await (await call('events?after=latest')).json()) as { cursor: string }
  const waiting = `events?after=${cursor}&wait=`

  for (const path of [`events?after=999999999999999&wait=25`, 'revocations?after=x&wait=25'])
    for (let n = 0; n < 30; n += 1) expect((await call(path)).status).toBeLessThan(429)

  const leaving = new AbortController()
  const paths = ['revocations?wait=25', `${waiting}25`]
  const refused: number[] = []
  const calls = Array.from({ length: 52 }, async (_, n) => {
    const { status } = await call(paths[n % 2] ?? '', leaving.signal)
    refused.push(status)
  })
  const ends = Promise.allSettled(calls)
  await until('all places to be taken', async () => refused.length === 2)
  expect(refused).toEqual([429, 429])
  leaving.abort()
  expect((await ends).filter(({ status }) => status === 'rejected')).toHaveLength(50)
  const areFree = async () => {
    const again = await Promise.all(Array.from({ length: 50 }, () => call(`${waiting}1`)))
    return again.every(({ status }) => status === 200)
  }
  await until('fifty free places', areFree, SOON)
})
