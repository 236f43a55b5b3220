import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTollgateClient } from '../src/create-client.ts'
import { createTollgateServerClient } from '../src/create-server-client.ts'
import { aSession, fakeBackend, noSession, refusal } from './fake-backend.ts'

const login = { email: 'ada@example.com', password: '-' }

describe('a client at module level on a server', () => {
  test.each([
    ['login', (client: ReturnType<typeof createTollgateClient>) => client.api.auth.login.mutate(login)],
    ['logout', (client: ReturnType<typeof createTollgateClient>) => client.api.auth.logout.mutate()],
    ['restore', (client: ReturnType<typeof createTollgateClient>) => client.session.restore()],
  ])('refuses %s and says why, before anything is sent', async (_what, call) => {
    const { fetch, calls } = fakeBackend(() => aSession('ada'))
    const client = createTollgateClient({ url: 'http://api.example', fetch })
    await expect(call(client)).rejects.toThrow('use createTollgateServerClient for each request')
    expect([calls, client.session.current]).toEqual([[], null])
  })

  test('still makes calls that need no session', async () => {
    const { fetch } = fakeBackend(() => Response.json({ result: { data: { json: [] } } }))
    expect(await createTollgateClient({ url: 'http://api.example', fetch }).api.billing.plans.list.query()).toEqual([])
  })
})

describe('createTollgateServerClient', () => {
  /** A backend whose refresh cookie names the user, and is worth nothing once used. */
  const backend = fakeBackend(async ({ path, headers }) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    if (path === 'auth.restore') {
      const [, name, use] = /^refresh_token=(\w+)\.(\d+)$/.exec(headers.get('cookie') ?? '') ?? []
      if (!name) return noSession()
      const answer = aSession(name)
      answer.headers.append('set-cookie', `refresh_token=${name}.${Number(use) + 1}; Path=/; HttpOnly`)
      return answer
    }
    const [, name] = /^Bearer token of (\w+)$/.exec(headers.get('authorization') ?? '') ?? []
    return name ? Response.json({ result: { data: { json: { id: name } } } }) : refusal('INVALID_TOKEN')
  })
  const server = createServer((req, res) => void render(req, res))
  let url: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  async function render(req: IncomingMessage, res: ServerResponse) {
    const { api } = createTollgateServerClient({
      url: 'http://api.example',
      fetch: backend.fetch,
      cookies: { header: req.headers.cookie, set: (line) => res.appendHeader('set-cookie', line) },
    })
    const name = await api.auth.me.query().then(
      ({ id }) => id,
      () => 'a stranger',
    )
    res.end(`Hello, ${name}`)
  }

  test('gives every one of many visitors at once their own session and cookie', async () => {
    const visitors = Array.from({ length: 20 }, (_, at) => (at % 3 === 0 ? undefined : `visitor${at}`))
    const pages = await Promise.all(
      visitors.map(async (name) => {
        const headers = name ? { cookie: `theme=dark; refresh_token=${name}.1` } : undefined
        const page = await fetch(url, headers && { headers })
        return [await page.text(), page.headers.getSetCookie()]
      }),
    )
    expect(pages).toEqual(
      visitors.map((name) =>
        name ? [`Hello, ${name}`, [`refresh_token=${name}.2; Path=/; HttpOnly`]] : ['Hello, a stranger', []],
      ),
    )
  })

  test('forwards all refresh cookies, and no other cookie', async () => {
    const { fetch, calls } = fakeBackend(() => refusal('REFRESH_TOKEN_INVALID'))
    const header = 'theme=dark; refresh_token=a; __Host-refresh_token=b; refresh_token=c; other_refresh_token=d'
    const { session } = createTollgateServerClient({ url: 'http://api.example', fetch, cookies: { header, set() {} } })
    await session.restore()
    expect(calls[0]?.headers.get('cookie')).toBe('refresh_token=a; __Host-refresh_token=b; refresh_token=c')
  })
})

test('the memory jar works in a runtime that has no getSetCookie and joins the headers', async () => {
  const backend = fakeBackend(() => {
    const answer = aSession('ada')
    answer.headers.append('set-cookie', 'other=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT')
    answer.headers.append('set-cookie', '__Host-refresh_token=t1; Path=/')
    answer.headers.append('set-cookie', 'refresh_token=t1; Path=/')
    return answer
  })
  const withoutGetSetCookie: typeof fetch = async (input, init) => {
    const response = await backend.fetch(input, init)
    Object.defineProperty(response.headers, 'getSetCookie', { value: undefined })
    return response
  }
  const options = { url: 'http://api.example', cookies: 'memory', fetch: withoutGetSetCookie } as const
  const { api, session } = createTollgateClient(options)
  await api.auth.login.mutate(login)
  await session.restore()
  expect(backend.calls.at(-1)?.headers.get('cookie')).toBe('__Host-refresh_token=t1; refresh_token=t1')
})

test('a client whose runtime hides the cookie says so once', async () => {
  const said = await warnings(async () => {
    const { fetch } = fakeBackend(({ path }) =>
      path === 'auth.refresh'
        ? refusal('REFRESH_TOKEN_MISSING')
        : path === 'auth.restore'
          ? noSession()
          : aSession('ada'),
    )
    const { api, session } = createTollgateClient({ url: 'http://api.example', cookies: 'memory', fetch })
    await api.auth.login.mutate(login)
    await session.restore()
    await session.restore()
  })
  expect(said).toEqual([expect.stringContaining('this runtime hides the Set-Cookie header')])
})

async function warnings(work: () => Promise<void>): Promise<unknown[]> {
  const { warn } = console
  const said: unknown[] = []
  console.warn = (text: unknown) => said.push(text)
  try {
    await work()
  } finally {
    console.warn = warn
  }
  return said
}
