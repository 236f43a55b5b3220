import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo } from '../../../test/inbox.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { DAY, SECOND } from '../../platform/durations.ts'

describe('refreshing', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('rotates the token and links the old one to its successor', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    const { status, cookie: next } = await refresh(app, cookie)
    expect(status).toBe(200)
    expect(next).not.toBe(cookie)
    const chain = await app.scope().em.execute<{ jti: string; replaced_by_jti: string | null }[]>(
      `select r.jti, r.replaced_by_jti from refresh_tokens r join sessions s on s.id = r.session_id
       where s.user_id = ? order by r.rotated_at nulls last`,
      [user.id],
    )
    expect(chain).toHaveLength(2)
    expect(chain[0]?.replaced_by_jti).toBe(chain[1]?.jti)
    expect(chain[1]?.replaced_by_jti).toBeNull()
  })

  test('with one cookie 50 times at the same time returns the same successor each time', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(app, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.cookie)).size).toBe(1)
    const tokens = await app
      .scope()
      .em.execute('select 1 from refresh_tokens r join sessions s on s.id = r.session_id where s.user_id = ?', [
        user.id,
      ])
    expect(tokens).toHaveLength(2)
  })

  test('with an old token within the leeway returns the newest again, even two rotations later', async () => {
    const user = await app.aUser()
    const first = await logIn(app, user)
    const second = (await refresh(app, first)).cookie
    const third = (await refresh(app, second)).cookie
    expect((await refresh(app, first)).cookie).toBe(third)
  })

  test('with an old token after the leeway ends the family and mails the user', async () => {
    const user = await app.aUser()
    const stolen = await logIn(app, user)
    const newest = (await refresh(app, stolen)).cookie
    app.clock.advance(11 * SECOND)
    expect(await refresh(app, stolen)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_REUSED' })
    expect(await refresh(app, newest)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
    expect(await refresh(app, stolen)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
    expect((await aMailTo(user.email, /logged you out/)).text).toMatch(
      /^Time: .+ UTC\nDevice: node\nIP address: 127\.0\.0\.1\nSession that we ended: node, logged in from 127\.0\.0\.1$/m,
    )
  })

  test('never extends a session past its absolute end', async () => {
    const user = await app.aUser()
    let cookie = await logIn(app, user)
    for (let day = 6; day < 90; day += 6) {
      app.clock.advance(6 * DAY)
      const answer = await refresh(app, cookie)
      expect(answer.status).toBe(200)
      cookie = answer.cookie
    }
    // On day 84, the new token would last seven days, but the session ends after six.
    app.clock.advance(6 * DAY)
    expect(await refresh(app, cookie)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('for a disabled account returns ACCOUNT_DISABLED, whatever the state of its session', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    expect(await refresh(app, cookie)).toMatchObject({ status: 403, reason: 'ACCOUNT_DISABLED' })
    await app.scope().em.execute('update sessions set ended_at = now() where user_id = ?', [user.id])
    expect(await refresh(app, cookie)).toMatchObject({ status: 403, reason: 'ACCOUNT_DISABLED' })
  })

  test('without a cookie, or with an invalid one, is refused', async () => {
    expect(await refresh(app, '')).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_MISSING' })
    expect(await refresh(app, 'nonsense')).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
    const user = await app.aUser()
    const { session } = await app.as(user)
    expect(await refresh(app, session.current?.accessToken ?? '')).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('is refused after logging out, which always succeeds', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    const out = await post(app, 'auth.logout', cookie)
    expect(out.status).toBe(200)
    expect(out.headers.getSetCookie()[0]).toContain('refresh_token=; Max-Age=0')
    expect(await refresh(app, cookie)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
    expect((await post(app, 'auth.logout', 'nonsense')).status).toBe(200)
  })
})

describe('restoring a session', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('rotates the token like a refresh', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    const answer = await restore(app, cookie)
    expect(answer).toMatchObject({ status: 200, session: { user: { id: user.id } }, because: null })
    expect(await refresh(app, answer.cookie)).toMatchObject({ status: 200 })
    app.clock.advance(60 * SECOND)
    expect(await refresh(app, cookie)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_REUSED' })
  })

  test('is no error without one, and leaves the cookie alone', async () => {
    expect(await restore(app, '')).toEqual({
      ...{ status: 200, session: null, because: 'REFRESH_TOKEN_MISSING', reason: undefined, cookie: '' },
    })
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    await post(app, 'auth.logout', cookie)
    expect(await restore(app, cookie)).toMatchObject({ session: null, because: 'REFRESH_TOKEN_INVALID', cookie: '' })
  })

  test('says that a login on another device has ended it', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    await logIn(app, user)
    expect(await restore(app, cookie)).toMatchObject({ session: null, because: 'LOGGED_IN_ELSEWHERE', cookie: '' })
  })

  test('of a disabled account is refused', async () => {
    const user = await app.aUser()
    const cookie = await logIn(app, user)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    expect(await restore(app, cookie)).toMatchObject({ status: 403, reason: 'ACCOUNT_DISABLED' })
  })
})

async function restore(app: TestApp, cookie: string) {
  const response = await post(app, 'auth.restore', cookie)
  const body = (await response.json()) as {
    result?: { data: { json: { session: object | null; because: string | null } } }
    error?: { json: { data: { reason: string } } }
  }
  const { session, because } = body.result?.data.json ?? {}
  return { status: response.status, session, because, reason: body.error?.json.data.reason, cookie: cookieOf(response) }
}

async function logIn(app: TestApp, { email, password }: TestUser): Promise<string> {
  return cookieOf(await post(app, 'auth.login', '', { email, password }))
}

async function refresh(app: TestApp, cookie: string) {
  const response = await post(app, 'auth.refresh', cookie)
  const body = (await response.json()) as { error?: { json: { data: { reason: string } } } }
  return { status: response.status, reason: body.error?.json.data.reason, cookie: cookieOf(response) }
}

function post(app: TestApp, path: string, cookie: string, json?: object): Promise<Response> {
  return fetch(`${app.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie ? { cookie: `refresh_token=${cookie}` } : {}) },
    ...(json ? { body: JSON.stringify({ json }) } : {}),
  })
}

function cookieOf(response: Response): string {
  return /^refresh_token=([^;]*)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
}
