import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { createAppRouter } from '../router.ts'
import { queues } from '../worker.ts'

let app: TestApp
/** All procedures that only admins may call, read from the API itself. */
let procedures: [path: string, type: string][]
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  const api = createAppRouter({ ...app.deps, queues })
  procedures = Object.entries(Object(api._def.procedures) as Record<string, { _def: { type: string } }>)
    .map(([path, { _def }]): [string, string] => [path, _def.type])
    .filter(([path, type]) => path.startsWith('admin.') || (path.startsWith('billing.plans.') && type === 'mutation'))
})
afterAll(() => app[Symbol.asyncDispose]())

/** Calls the procedures without input, so a caller who passes the guards gets INVALID_INPUT where input is required. */
async function reasonsFor(authorization: Record<string, string>): Promise<Record<string, string>> {
  const reasons: Record<string, string> = {}
  for (const [path, type] of procedures) {
    const response = await fetch(`${app.url}/trpc/${path}`, {
      ...(type === 'query' ? {} : { method: 'POST', body: '{}' }),
      headers: { 'content-type': 'application/json', ...authorization },
    })
    const body = (await response.json()) as { error?: { json: { data: { reason: string } } } }
    reasons[path] = body.error?.json.data.reason ?? 'fine'
  }
  return reasons
}

test.each([
  ['a visitor', null, 'INVALID_TOKEN'],
  ['a user', {}, 'ADMIN_ONLY'],
  ['an admin with an unverified address', { isAdmin: true, isVerified: false }, 'EMAIL_NOT_VERIFIED'],
] as const)('every admin procedure refuses %s', async (_, account, reason) => {
  const token = account && (await app.as(await app.aUser(account))).session.current?.accessToken
  const reasons = await reasonsFor(token ? { authorization: `Bearer ${token}` } : {})
  expect(Object.keys(reasons).length).toBeGreaterThanOrEqual(16)
  expect(reasons).toEqual(Object.fromEntries(procedures.map(([path]) => [path, reason])))
})

test('every admin procedure accepts an admin', async () => {
  const token = (await app.as(await app.aUser({ isAdmin: true }))).session.current?.accessToken
  const reasons = await reasonsFor({ authorization: `Bearer ${token}` })
  expect(new Set(Object.values(reasons))).toEqual(new Set(['fine', 'INVALID_INPUT']))
})
