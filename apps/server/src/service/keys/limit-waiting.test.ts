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
  const calls = Array.from({ length: 50 }, (_, n) => call(paths[n % 2] ?? '', leaving.signal))
  const ends = Promise.allSettled(calls)
  await until('all places to be taken', async () => (await call(`${waiting}1`)).status === 429)
  leaving.abort()
  await until('a free place', async () => (await call(`${waiting}1`)).status === 200, SOON)
  expect((await ends).every(({ status }) => status === 'rejected')).toBe(true)
  const again = Array.from({ length: 50 }, () => call(`${waiting}1`))
  expect(new Set((await Promise.all(again)).map(({ status }) => status))).toEqual(new Set([200]))
})
