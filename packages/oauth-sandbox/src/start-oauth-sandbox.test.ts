import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { submitForm } from '../test/browser-form.ts'
import type { OAuthSandbox } from './options.ts'
import { startOAuthSandbox } from './start-oauth-sandbox.ts'

const REDIRECT_URI = 'http://127.0.0.1:3000/callback'

let sandbox: OAuthSandbox
beforeAll(async () => (sandbox = await startOAuthSandbox()))
afterAll(() => sandbox[Symbol.asyncDispose]())

const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

function authorizeUrl(provider: 'google' | 'github', changes: Record<string, string> = {}): string {
  const path = provider === 'google' ? '/google/authorize' : '/github/login/oauth/authorize'
  const scope = provider === 'google' ? 'openid email profile' : 'read:user user:email'
  const params = { client_id: sandbox[provider].clientId, redirect_uri: REDIRECT_URI, response_type: 'code', scope }
  const proof = { state: 'a state', nonce: 'a nonce', code_challenge: challenge, code_challenge_method: 'S256' }
  return `${sandbox.url}${path}?${new URLSearchParams({ ...params, ...proof, ...changes }).toString()}`
}

async function codeFor(provider: 'google' | 'github', filledIn: Record<string, string> = {}): Promise<string> {
  const answer = await submitForm(authorizeUrl(provider), { decision: 'allow', ...filledIn })
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

function exchange(
  provider: 'google' | 'github',
  code: string,
  changes: Record<string, string> = {},
): Promise<Response> {
  const path = provider === 'google' ? '/google/token' : '/github/login/oauth/access_token'
  const { clientId: client_id, clientSecret: client_secret } = sandbox[provider]
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, client_id, client_secret }
  return fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ ...form, code_verifier: verifier, ...changes }),
  })
}

test('a page under a name that was pointed at this machine reads nothing', async () => {
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }
  const statusOf = async (path: string, headers: Record<string, string>) => {
    const call = request(`${sandbox.url}${path}`, { headers })
    call.end()
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode
  }
  for (const path of ['/', '/_/accounts', '/_/lies']) {
    expect([path, await statusOf(path, browser)]).toEqual([path, 200])
    expect([path, await statusOf(path, { host: 'sandbox.team.example' })]).toEqual([path, 200])
    expect([path, await statusOf(path, { ...browser, host: 'oauth.test:3004' })]).toEqual([path, 200])
    expect([path, await statusOf(path, { ...browser, host: 'evil.example' })]).toEqual([path, 403])
    expect([path, await statusOf(path, { 'sec-fetch-site': 'same-origin', host: 'evil.example' })]).toEqual([path, 403])
  }
})

test('takes lies from programs and its own pages, and refuses them from other sites', async () => {
  const statusFor = async (headers: Record<string, string>) => {
    const all = { 'content-type': 'application/json', ...headers }
    return (await fetch(`${sandbox.url}/_/lies`, { method: 'PUT', headers: all, body: '{}' })).status
  }
  expect(await statusFor({})).toBe(200)
  expect(await statusFor({ 'sec-fetch-site': 'same-origin', origin: sandbox.url })).toBe(200)
  expect(await statusFor({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await statusFor({ origin: 'https://evil.example' })).toBe(403)
})

test('an unknown address is a page for a browser, and JSON for a program', async () => {
  const ask = async (accept: string) => (await fetch(`${sandbox.url}/_/nothing`, { headers: { accept } })).text()
  expect(await ask('text/html,*/*;q=0.8')).toContain('<h1>Page not found</h1>')
  expect(JSON.parse(await ask('*/*'))).toEqual({ error: expect.stringContaining('GET /_/nothing') })
})

describe('the authorize page', () => {
  test('logs in as the first predefined account if nothing is changed', async () => {
    const answer = await submitForm(authorizeUrl('google'), { decision: 'allow' })
    const location = new URL(answer.headers.get('location') ?? '')
    expect(location.href).toMatch(`${REDIRECT_URI}?`)
    expect(location.searchParams.get('state')).toBe('a state')
    expect(location.searchParams.get('iss')).toBe(sandbox.google.issuer)
  })

  test('reports to the client that the user canceled', async () => {
    const answer = await submitForm(authorizeUrl('github'), { decision: 'deny' })
    const { searchParams } = new URL(answer.headers.get('location') ?? '')
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['access_denied', 'a state'])
  })

  test.each<Record<string, string>>([
    { client_id: 'unknown' },
    { redirect_uri: 'https://elsewhere.example/callback' },
    { redirect_uri: 'javascript:alert(1)' },
    { response_type: 'token' },
    { code_challenge_method: 'plain' },
  ])('shows an error and redirects nowhere with %o', async (changes) => {
    const [shown, sent] = [
      await fetch(authorizeUrl('google', changes)),
      await fetch(authorizeUrl('google', changes), { method: 'POST', body: 'decision=allow', redirect: 'manual' }),
    ]
    expect([shown.status, sent.status]).toEqual([400, 400])
  })

  test('shows the form again if the description of an account is invalid', async () => {
    const invalid: Record<string, string>[] = [
      { email: 'no address' },
      { identity: '' },
      { login: 'x', email_status: 'perhaps' },
    ]
    for (const wrong of invalid) {
      const answer = await submitForm(authorizeUrl('google'), { decision: 'allow', ...wrong })
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('role="alert"')])
    }
  })

  test('escapes what users type', async () => {
    await submitForm(authorizeUrl('google'), {
      decision: 'allow',
      login: 'mal',
      name: '<script>x</script>',
      email: 'm@x.example',
    })
    const page = await (await fetch(authorizeUrl('google'))).text()
    expect(page).toContain('&lt;script&gt;x')
    expect(page).not.toContain('<script')
  })
})

describe('Google', () => {
  test('names the user in a signed ID token for the client, with its nonce', async () => {
    const person = { login: 'ida', name: 'Ida Rhodes', email: 'ida@example.com' }
    const { id_token, access_token } = (await (
      await exchange('google', await codeFor('google', person))
    ).json()) as Record<'id_token' | 'access_token', string>
    const keys = createRemoteJWKSet(new URL(`${sandbox.url}/google/jwks`))
    const { issuer, clientId: audience } = sandbox.google
    const { payload } = await jwtVerify(id_token, keys, { issuer, audience, algorithms: ['RS256'] })
    expect(payload).toMatchObject({
      ...{ nonce: 'a nonce', email: 'ida@example.com', email_verified: true },
      ...{ given_name: 'Ida', family_name: 'Rhodes', sub: expect.stringMatching(/^\d+$/) },
    })
    const asking = { headers: { authorization: `Bearer ${access_token}` } }
    const userinfo = `${sandbox.url}/google/userinfo`
    expect(await (await fetch(userinfo, asking)).json()).toMatchObject({ sub: payload.sub })
    expect(await (await fetch(`${userinfo}?access_token=${access_token}`)).json()).toMatchObject({ sub: payload.sub })
    expect((await fetch(`${userinfo}?access_token=guessed`)).status).toBe(401)
  })

  test('exchanges a code once, and only for the client that can prove it asked', async () => {
    const unproven: Record<string, string>[] = [{ code_verifier: 'x'.repeat(43) }, { redirect_uri: `${REDIRECT_URI}2` }]
    for (const wrong of unproven) {
      expect((await exchange('google', await codeFor('google'), wrong)).status).toBe(400)
    }
    expect((await exchange('google', await codeFor('google'), { client_secret: 'guessed' })).status).toBe(401)
    const code = await codeFor('google')
    expect([(await exchange('google', code)).status, (await exchange('google', code)).status]).toEqual([200, 400])
    expect((await exchange('github', await codeFor('google'))).status).toBe(200) // GitHub refuses with a 200
    expect(await (await exchange('github', await codeFor('google'))).json()).toMatchObject({
      error: 'bad_verification_code',
    })
  })
})

describe('GitHub', () => {
  const ask = async (path: string, token: string) => {
    const response = await fetch(`${sandbox.github.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const tokenFor = async (filledIn: Record<string, string>, scope?: string) => {
    const url = authorizeUrl('github', scope === undefined ? {} : { scope })
    const answer = await submitForm(url, { decision: 'allow', ...filledIn })
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const { access_token } = (await (await exchange('github', code)).json()) as { access_token: string }
    return access_token
  }

  test('names the user, their addresses, and whether these are verified', async () => {
    const token = await tokenFor({ id: '4711', login: 'kat', name: 'Katherine', email: 'kat@example.com' })
    expect((await ask('/user', token)).body).toMatchObject({ id: 4711, login: 'kat', name: 'Katherine', email: null })
    const addresses = [{ email: 'kat@example.com', primary: true, verified: true, visibility: 'private' }]
    expect((await ask('/user/emails', token)).body).toEqual(addresses)
  })

  test('returns no addresses if the user has none or the client did not ask for the scope', async () => {
    expect((await ask('/user/emails', await tokenFor({ login: 'none', email_status: 'none' }))).body).toEqual([])
    expect((await ask('/user/emails', await tokenFor({ login: 'none', email_status: 'none' }, ''))).status).toBe(404)
    expect((await ask('/user', 'gho_guessed')).status).toBe(401)
  })

  test('accepts JSON for a token, as Octokit sends it, and no invalid JSON', async () => {
    const { clientId: client_id, clientSecret: client_secret } = sandbox.github
    const post = async (body: string) => {
      const headers = { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' }
      const response = await fetch(`${sandbox.github.url}/login/oauth/access_token`, { method: 'POST', headers, body })
      return (await response.json()) as Record<string, unknown>
    }
    const request = { client_id, client_secret, code: await codeFor('github'), redirect_uri: REDIRECT_URI }
    expect(await post(JSON.stringify({ ...request, code_verifier: verifier }))).toMatchObject({ token_type: 'bearer' })
    for (const body of ['{', 'null', '[]', '{"code":1}'])
      expect(await post(body)).toMatchObject({ error: 'incorrect_client_credentials' })
  })

  test("without a redirect_uri, the answer goes to the app's callback URL, if the sandbox knows it", async () => {
    await using knowing = await startOAuthSandbox({ githubCallbackUrl: REDIRECT_URI })
    const withoutTarget = ({ url }: OAuthSandbox) => {
      const asked = new URL(authorizeUrl('github').replace(sandbox.url, url))
      asked.searchParams.delete('redirect_uri')
      return asked.href
    }
    const answer = await submitForm(withoutTarget(knowing), { decision: 'allow' })
    const location = new URL(answer.headers.get('location') ?? '')
    expect(location.href).toMatch(`${REDIRECT_URI}?`)
    const { clientId: client_id, clientSecret: client_secret } = knowing.github
    const code = location.searchParams.get('code') ?? ''
    const body = new URLSearchParams({ client_id, client_secret, code, code_verifier: verifier })
    const headers = { accept: 'application/json' }
    const token = await fetch(`${knowing.github.url}/login/oauth/access_token`, { method: 'POST', headers, body })
    expect(await token.json()).toMatchObject({ token_type: 'bearer' })

    const refused = await fetch(withoutTarget(sandbox))
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('--github-callback-url')])
  })

  test('finds an account again by its login, and by its id under another login', async () => {
    const idOf = async (filledIn: Record<string, string>) => (await ask('/user', await tokenFor(filledIn))).body.id
    const first = await idOf({ login: 'mary', email: 'mary@example.com' })
    expect(await idOf({ login: 'mary', email: 'new@example.com' })).toBe(first)
    expect(await idOf({ login: 'mary-k', id: String(first), email: 'new@example.com' })).toBe(first)
    expect(await idOf({ login: 'mary', id: '99', email: 'other@example.com' })).toBe(99)
  })
})

test('created accounts and the signing key survive a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'oauth-sandbox-'))
  try {
    const options = { stateFile: join(dir, 'state.json') }
    const keysOf = async ({ url }: OAuthSandbox) => (await fetch(`${url}/google/jwks`)).text()
    const first = await startOAuthSandbox(options)
    const keys = await keysOf(first)
    const asked = authorizeUrl('google').replace(sandbox.url, first.url)
    await submitForm(asked, { decision: 'allow', login: 'kept', email: 'kept@example.com' })
    await first[Symbol.asyncDispose]()

    await using second = await startOAuthSandbox(options)
    expect(await keysOf(second)).toBe(keys)
    expect(await (await fetch(authorizeUrl('google').replace(sandbox.url, second.url))).text()).toContain(
      'kept@example.com',
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('lies are set and ended over HTTP, and unknown lies are refused', async () => {
  const set = (body: unknown) =>
    fetch(`${sandbox.url}/_/lies`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await set({ answers: { jwks: 'down' } })).status).toBe(200)
  expect((await fetch(`${sandbox.url}/google/jwks`)).status).toBe(503)
  for (const unknown of [{ idToken: 'x' }, { answers: { jwks: 'x' } }, { answers: { x: 'down' } }]) {
    expect((await set(unknown)).status).toBe(400)
  }
  expect((await set({})).status).toBe(200)
  expect((await fetch(`${sandbox.url}/google/jwks`)).status).toBe(200)
})

describe('the program', () => {
  const start = (env: Record<string, string> = {}) =>
    spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), '--port', '0'], { env: { ...process.env, ...env } })

  test.each(['SIGINT', 'SIGTERM'] as const)('prints its URL and exits with 0 on %s', async (signal) => {
    const program = start()
    const [line] = (await once(program.stdout, 'data')) as [Buffer]
    const [url = ''] = line.toString().split('\n')
    expect((await fetch(`${url}/google/.well-known/openid-configuration`)).status).toBe(200)
    program.kill(signal)
    expect(await once(program, 'exit')).toEqual([0, null])
  })

  test('refuses to run in production', async () => {
    const program = start({ NODE_ENV: 'production' })
    const [line] = (await once(program.stderr, 'data')) as [Buffer]
    expect(line.toString()).toContain('refuses to run with NODE_ENV=production')
    expect((await once(program, 'exit'))[0]).toBe(1)
  })
})
