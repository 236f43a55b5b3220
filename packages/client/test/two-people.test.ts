import { expect, test } from 'vitest'
import { createTollgateClient } from '../src/create-client.ts'
import { aSession, fakeBackend, refusal, type Answer } from './fake-backend.ts'

/** A client that is logged in as Ada, whose access token is no longer good. */
async function asAda(refresh: () => Answer, refusedWith = 'INVALID_TOKEN') {
  const logins = [aSession('ada', 'a token that has expired'), aSession('bob', 'a token of Bob')]
  const done: string[] = []
  const ended: string[] = []
  const backend = fakeBackend(({ path, headers }) => {
    if (path === 'auth.login') return logins.shift() ?? refusal('ACCOUNT_DISABLED', 403)
    if (path === 'auth.refresh' || path === 'auth.restore') return refresh()
    const token = headers.get('authorization')
    if (!token || token.endsWith('expired')) return refusal(refusedWith, refusedWith === 'INVALID_TOKEN' ? 401 : 403)
    done.push(`${path} with ${token}`)
    return Response.json({ result: { data: { json: {} } } })
  })
  const client = createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch: backend.fetch,
    onSessionEnd: (reason) => ended.push(reason),
  })
  await client.api.auth.login.mutate({ email: 'ada@example.com', password: '-' })
  const seen: string[] = []
  client.session.watch(() => seen.push(client.session.state.status))
  return { ...client, backend, done, ended, seen }
}

test('a call is repeated with the refreshed session of the same user', async () => {
  const ada = await asAda(() => aSession('ada', 'fresh'))
  await ada.api.profile.update.mutate({ firstName: 'Ada' })
  expect(ada.done).toEqual(['profile.update with Bearer fresh'])
  expect(ada.backend.calls.find(({ path }) => path === 'auth.refresh')?.headers.get('x-tollgate-user')).toBe('ada')
})

test.each([
  ['the backend refuses', () => refusal('REPLACED')],
  ['an older backend does not check whose session it is', () => aSession('bob')],
])('a call never runs as another user of the browser when %s', async (_what, refresh) => {
  const ada = await asAda(refresh)
  await expect(ada.api.profile.update.mutate({ firstName: 'Ada' })).rejects.toMatchObject({
    data: { reason: 'INVALID_TOKEN' },
  })
  expect([ada.done, ada.ended, ada.seen]).toEqual([[], ['REPLACED'], ['out']])
  expect(ada.session.state).toEqual({ status: 'out', because: 'REPLACED' })
  await expect(ada.api.profile.update.mutate({ firstName: 'Ada' })).rejects.toThrow('INVALID_TOKEN')
  expect(ada.done).toEqual([])
  expect(ada.backend.paths().filter((path) => path === 'auth.refresh')).toHaveLength(1)
})

test('a call of the last user is not repeated when another user logs in on the same page', async () => {
  const { promise: answer, resolve } = Promise.withResolvers<Response>()
  const ada = await asAda(() => answer)
  const call = ada.api.profile.update.mutate({ firstName: 'Ada' })
  await expect.poll(() => ada.backend.paths()).toContain('auth.refresh')
  await ada.api.auth.login.mutate({ email: 'bob@example.com', password: '-' })
  resolve(aSession('ada', 'fresh'))
  await expect(call).rejects.toThrow('INVALID_TOKEN')
  expect([ada.session.current?.user.id, ada.done]).toEqual(['bob', []])
})

test('restoring the session of another user ends the one that the client had', async () => {
  const ada = await asAda(() => refusal('REPLACED'))
  expect(await ada.session.restore()).toBeNull()
  expect(ada.ended).toEqual(['REPLACED'])
})

test('after the end, only a restore takes the session of the other user', async () => {
  const answers = [refusal('REPLACED'), aSession('bob', 'token of bob')]
  const ada = await asAda(() => answers.shift() ?? Response.error())
  await ada.session.restore()
  expect((await ada.session.restore())?.user.id).toBe('bob')
})

test('a logout names the user, also after the session was replaced', async () => {
  const ada = await asAda(() => refusal('REPLACED'))
  await ada.session.restore()
  await ada.api.auth.logout.mutate().catch(() => null)
  expect(ada.backend.calls.at(-1)?.headers.get('x-tollgate-user')).toBe('ada')
})

test('a session that a login elsewhere has ended says so, also after a reload', async () => {
  const elsewhere = () => refusal('REFRESH_TOKEN_INVALID', 401, { endedBecause: 'LOGGED_IN_ELSEWHERE' })
  const ada = await asAda(elsewhere)
  await ada.session.restore()
  expect(ada.ended).toEqual(['LOGGED_IN_ELSEWHERE'])

  const reloaded = createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch: fakeBackend(elsewhere).fetch,
  })
  expect(await reloaded.session.restore()).toBeNull()
  expect(reloaded.session.state).toEqual({ status: 'out', because: 'LOGGED_IN_ELSEWHERE' })
})

test('the session ends when the backend says that the account is disabled', async () => {
  const ada = await asAda(() => aSession('ada', 'fresh'), 'ACCOUNT_DISABLED')
  await expect(ada.api.profile.update.mutate({ firstName: 'Ada' })).rejects.toThrow('ACCOUNT_DISABLED')
  await expect(ada.api.profile.update.mutate({ firstName: 'Ada' })).rejects.toThrow('ACCOUNT_DISABLED')
  expect([ada.ended, ada.session.state]).toEqual([['ACCOUNT_DISABLED'], { status: 'out', because: 'ACCOUNT_DISABLED' }])
})

test('the session goes on when somebody tries to log in to another account, which is disabled', async () => {
  const ada = await asAda(() => aSession('ada', 'fresh'), 'ACCOUNT_DISABLED')
  await ada.api.auth.login.mutate({ email: 'bob@example.com', password: '-' })
  await expect(ada.api.auth.login.mutate({ email: 'eve@example.com', password: '-' })).rejects.toThrow(
    'ACCOUNT_DISABLED',
  )
  expect([ada.ended, ada.session.current?.user.id]).toEqual([[], 'bob'])
})

test('deactivating the account ends the session like a logout', async () => {
  const ada = await asAda(() => aSession('ada', 'fresh'))
  await ada.session.restore()
  await ada.api.auth.deactivate.mutate()
  expect([ada.ended, ada.session.state]).toEqual([[], { status: 'out', because: null }])
})
