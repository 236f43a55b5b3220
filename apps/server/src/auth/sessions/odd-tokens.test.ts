import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

const ODD_CLAIMS: object[] = [{ jti: 'made-elsewhere' }, { sub: 'user-1' }, { sid: '1' }, { exp: 1e300 }, { sid: [] }]

test.each(ODD_CLAIMS)(
  'a correctly signed access token with %j gets INVALID_TOKEN, not an internal error',
  async (claims) => {
    const token = await accessToken()
    expect(await post('billing.subscriptions.current', { authorization: `Bearer ${resign(token, claims)}` })).toEqual({
      status: 401,
      reason: 'INVALID_TOKEN',
    })
  },
)

test.each([...ODD_CLAIMS, { sxp: 1e300 }])(
  'a correctly signed refresh token with %j gets REFRESH_TOKEN_INVALID, not an internal error',
  async (claims) => {
    const token = await refreshToken()
    const cookie = `refresh_token=${resign(token, claims)}`
    expect(await post('auth.refresh', { cookie })).toEqual({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
    expect(await post('auth.logout', { cookie })).toMatchObject({ status: 200 })
  },
)

test('an odd token does not affect valid calls that arrive together with it', async () => {
  const good = await accessToken()
  const odd = resign(good, { sid: 'one', sub: 'two' })
  const tokens = Array.from({ length: 40 }, (_, place) => (place % 2 === 0 ? good : odd))
  const answers = await Promise.all(tokens.map((token) => post('auth.me', { authorization: `Bearer ${token}` })))
  expect(answers.map(({ status }) => status)).toEqual(tokens.map((token) => (token === good ? 200 : 401)))
})

/** Changes a token's claims and signs it again with the right secret. */
function resign(token: string, changes: object): string {
  const { header, payload } = jwt.decode(token, { complete: true }) ?? {}
  if (!header?.kid || typeof payload !== 'object') throw new Error('expected a token of the server')
  const secret =
    payload['purpose'] === 'access' ? app.deps.config.ACCESS_TOKEN_SECRET : app.deps.config.REFRESH_TOKEN_SECRET
  return jwt.sign({ ...payload, ...changes }, secret[0] ?? '', { keyid: header.kid })
}

async function accessToken(): Promise<string> {
  const { session } = await app.as(await app.aUser())
  return session.current?.accessToken ?? ''
}

async function refreshToken(): Promise<string> {
  const { email, password } = await app.aUser()
  const response = await fetch(`${app.url}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: { email, password } }),
  })
  return /refresh_token=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
}

async function post(path: string, headers: Record<string, string>) {
  const isQuery = !path.startsWith('auth.refresh') && !path.startsWith('auth.logout')
  const response = await fetch(`${app.url}/trpc/${path}`, {
    method: isQuery ? 'GET' : 'POST',
    headers: isQuery ? headers : { 'content-type': 'application/json', ...headers },
  })
  const body = (await response.json()) as { error?: { json: { data: { reason: string } } } }
  return { status: response.status, reason: body.error?.json.data.reason }
}
