import { describe, expect, test } from 'vitest'
import { createTollgateClient } from './create-client.ts'

const session = {
  ...{ accessToken: 'token', tokenType: 'Bearer', expiresAt: '2027-01-01T00:00:00.000Z' },
  user: { id: '1', email: 'ada@example.com' },
}
const loggedIn = () => Response.json({ result: { data: { json: session } } })
const refused = (reason: string, httpStatus: number) => () =>
  Response.json(
    { error: { json: { message: reason, code: -1, data: { reason, httpStatus } } } },
    { status: httpStatus },
  )
const offline = () => {
  throw new TypeError('fetch failed')
}

/** A client whose backend gives these answers, one for each call. */
function clientWith(...answers: (() => Response)[]) {
  const ended: string[] = []
  const client = createTollgateClient({
    url: 'http://api.example',
    cookies: 'memory',
    fetch: async () => (answers.shift() ?? offline)(),
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
    const client = clientWith(refused('REFRESH_TOKEN_MISSING', 401))
    expect(await client.session.restore()).toBeNull()
    expect(client.session.state).toEqual({ status: 'out', because: null })
    expect(client.ended).toEqual([])
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
