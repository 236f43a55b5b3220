import { expect, test } from 'vitest'
import { createTollgateClient } from '../src/create-client.ts'
import { aSession, fakeBackend } from './fake-backend.ts'

const never = new Promise<Response>(() => {})
const client = (refresh: Response | Promise<Response>) =>
  createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch: fakeBackend(() => refresh).fetch,
    refreshTimeoutMs: 200,
  })

test('a refresh that is never answered times out, and the next one works', async () => {
  const answers = [never, Promise.resolve(aSession('ada'))]
  const { fetch, calls } = fakeBackend(() => answers.shift() ?? never)
  const { session } = createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch,
    refreshTimeoutMs: 50,
  })
  await expect(session.restore()).rejects.toThrow('did not answer within 0.05 seconds')
  expect(calls[0]?.signal?.aborted).toBe(true)
  expect(session.state.status).toBe('unreachable')
  expect((await session.restore())?.user.id).toBe('ada')
})

test("one user's hanging refresh does not delay other users in the same process", async () => {
  const hanging = client(never).session.restore()
  expect((await client(aSession('bob')).session.restore())?.user.id).toBe('bob')
  await expect(hanging).rejects.toThrow('did not answer')
})
