import { afterAll, beforeAll, expect, test } from 'vitest'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

let app: TestApp
let key: string

beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  key = await aServiceKey(app, 'events:read')
})
afterAll(async () => app[Symbol.asyncDispose]())

/** As a program in another language reads the feed. */
interface Page {
  events: { id: string; type: string; timestamp: string; version: number; accountId: string | null; data: object }[]
  cursor: string
  hasMore: boolean
}

async function read(query: Record<string, string> = {}): Promise<Page> {
  const answer = await fetch(`${app.url}/v1/events?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  return (await answer.json()) as Page
}

test('a sign-up gives an event for the user, the personal account and its member', async () => {
  const { cursor } = await read({ after: 'latest' })
  const user = await app.aUser()
  const { events, ...rest } = await read({ after: cursor })
  expect(rest).toEqual({ cursor: String(Number(cursor) + 3), hasMore: false })
  expect(events).toMatchObject([
    { type: 'user.created', version: 1, accountId: null, data: { id: user.id, email: user.email, isActive: true } },
    { type: 'account.created', version: 1, accountId: user.id, data: { id: user.id, kind: 'personal', isOpen: true } },
    { type: 'member.added', version: 1, accountId: user.id, data: { userId: user.id, role: 'owner' } },
  ])
  expect(await read({ after: cursor, types: 'member.added', limit: '1' })).toMatchObject({ events: [events[2]] })
})
