import { describe, expect, test } from 'vitest'
import { asRestored, noSession, refusal } from '../test/fake-backend.ts'
import { createTollgateClient } from './create-client.ts'
import { createSession, type Session } from './session.ts'

const session = {
  ...{ accessToken: 'token', tokenType: 'Bearer', expiresAt: '2027-01-01T00:00:00.000Z' },
  user: { id: '1', email: 'ada@example.com' },
}
const loggedIn = () => Response.json({ result: { data: { json: session } } })
const refused = (reason: string, httpStatus: number) => () => refusal(reason, httpStatus)
const offline = () => {
  throw new TypeError('fetch failed')
}

/** A client whose backend gives these answers, one for each call. */
function clientWith(...answers: (() => Response)[]) {
  const ended: string[] = []
  const client = createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch: async (input) => {
      const answer = (answers.shift() ?? offline)()
      return new Request(input).url.includes('auth.restore') ? asRestored(answer) : answer
    },
    onSessionEnd: (reason) => ended.push(reason),
  })
  const seen: string[] = []
  client.session.watch(() => seen.push(client.session.state.status))
  return { ...client, seen, ended }
}

describe('the state of the session', () => {
  test('is unknown before the first answer', () => {
    expect(clientWith().session.state).toEqual({ status: 'unknown' })
  })

  test('is "in" after a restore, and "out" with the reason when the backend ends the session', async () => {
    const client = clientWith(loggedIn, refused('REFRESH_TOKEN_REUSED', 401))
    await client.session.restore()
    expect(client.session.state).toMatchObject({ status: 'in', session: { accessToken: 'token' } })
    await client.session.restore()
    expect(client.session.state).toEqual({ status: 'out', because: 'REFRESH_TOKEN_REUSED' })
    expect([client.seen, client.ended]).toEqual([['in', 'out'], ['REFRESH_TOKEN_REUSED']])
  })

  test('is "out" without a reason if there was no session to restore', async () => {
    const client = clientWith(() => noSession())
    expect(await client.session.restore()).toBeNull()
    expect(client.session.state).toEqual({ status: 'out', because: null })
    expect(client.ended).toEqual([])
  })

  test('is "out" after a login on another device, which an earlier page had', async () => {
    const client = clientWith(() => noSession('LOGGED_IN_ELSEWHERE'))
    expect(await client.session.restore()).toBeNull()
    expect(client.session.state).toEqual({ status: 'out', because: 'LOGGED_IN_ELSEWHERE' })
  })

  test('is restored from an older backend, which knows only the refresh', async () => {
    const client = clientWith(refused('UNKNOWN_PROCEDURE', 404), loggedIn)
    expect((await client.session.restore())?.user.id).toBe('1')
  })

  test('is "unreachable" after a failed restore, until a later one gets through', async () => {
    const client = clientWith(offline, loggedIn)
    await expect(client.session.restore()).rejects.toThrow('fetch failed')
    expect(client.session.state).toMatchObject({ status: 'unreachable' })
    await client.session.restore()
    expect(client.seen).toEqual(['unreachable', 'in'])
  })

  test('stays "in" when the connection is lost', async () => {
    const client = clientWith(loggedIn, offline)
    await client.session.restore()
    await expect(client.session.restore()).rejects.toThrow('fetch failed')
    expect(client.session.state.status).toBe('in')
  })

  test('is the same object until it changes', async () => {
    const client = clientWith(loggedIn)
    await client.session.restore()
    expect(client.session.state).toBe(client.session.state)
  })
})

test('a tab joins the login of another tab only as that user, whoever has the cookie by then', async () => {
  const asked: (string | undefined)[] = []
  const user: Session['user'] = {
    ...{ id: '2', email: 'bob@example.com', username: 'bob', isVerified: true, isActive: true, isAdmin: false },
    ...{ provider: 'local', publicData: {}, createdAt: new Date() },
  }
  const another: Session = { accessToken: 'theirs', tokenType: 'Bearer', expiresAt: new Date(), user }
  let announce: (userId: string | null) => void = () => {}
  const keeper = createSession({
    refresh: async (userId) => {
      asked.push(userId)
      return another
    },
    timeoutMs: 1_000,
    ...{ onEnd: undefined, onLogin() {}, onLogout() {} },
    tabs: { oneAtATime: (_userId, work) => work(), announce() {}, listen: (listener) => (announce = listener) },
  })
  keeper.set(null)
  announce('1')
  await expect.poll(() => asked).toEqual(['1'])
  await new Promise(setImmediate)
  expect(keeper.state).toEqual({ status: 'out', because: null })
})

test('subscribers hear about sessions, but not about a failed restore', async () => {
  const client = clientWith(offline, loggedIn, refused('REFRESH_TOKEN_INVALID', 401))
  const heard: (string | undefined)[] = []
  const unsubscribe = client.session.subscribe((current) => heard.push(current?.accessToken))
  await client.session.restore().catch(() => null)
  await client.session.restore()
  unsubscribe()
  await client.session.restore()
  expect(heard).toEqual(['token'])
})
