import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { DomainError } from '../../platform/errors/errors.ts'
import { User } from '../user.entity.ts'
import { createAuthenticator } from './authenticate.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test('simultaneous callers are authenticated independently of each other', async () => {
  const users = await Promise.all(Array.from({ length: 8 }, () => app.aUser()))
  const [loggedOut, disabled, gone, ...others] = await Promise.all(users.map(callerOf))
  if (!loggedOut || !disabled || !gone) throw new Error('expected eight users')
  await loggedOut.api.auth.logout.mutate()
  await app.scope().em.nativeUpdate(User, { id: disabled.user.id }, { isActive: false })
  await app.scope().em.nativeDelete(User, { id: gone.user.id })

  const authenticate = createAuthenticator(app.deps.database.em.fork(), {
    clock: app.clock,
    tokens: app.deps.auth.tokens,
  })
  const [first, second, ...rest] = others
  if (!first || !second) throw new Error('expected five other users')
  const order = [first, loggedOut, second, first, disabled, gone, ...rest]
  const asked = await Promise.allSettled(order.map(({ token }) => authenticate(`Bearer ${token}`)))

  const outcomes = asked.map((each) => {
    if (each.status === 'fulfilled') return each.value.user.email
    return each.reason instanceof DomainError ? each.reason.reason : 'not an answer'
  })
  const ended = new Map([
    [loggedOut, 'INVALID_TOKEN'],
    [disabled, 'ACCOUNT_DISABLED'],
    [gone, 'INVALID_TOKEN'],
  ])
  expect(outcomes).toEqual(order.map((caller) => ended.get(caller) ?? caller.user.email))
})

async function callerOf(user: TestUser) {
  const { api, session } = await app.as(user)
  return { user, api, token: session.current?.accessToken ?? '' }
}
