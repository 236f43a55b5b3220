import { createTollgateClient, type RouterOutputs, type TollgateClient } from '@tollgate/client'
import type { User } from '../src/index.ts'

type Outputs = RouterOutputs
type Accounts = Outputs['accounts']['list']
type Features = Outputs['billing']['entitlements']['features']

const LONG_AGO = new Date(0)

export const person = (name: string): User => ({
  id: name,
  email: `${name}@example.com`,
  username: name,
  isVerified: true,
  isActive: true,
  isAdmin: false,
  provider: 'local',
  publicData: {},
  createdAt: LONG_AGO,
})

const personal = (name: string): Accounts[number] => ({
  id: name,
  kind: 'personal',
  name,
  role: 'owner',
  publicData: {},
  createdAt: LONG_AGO,
})

const TEAM: Accounts[number] = { ...personal('team'), kind: 'organization', name: 'The team', role: 'admin' }

const using = (used: number): Features => ({
  projects: { allowed: used < 10, limit: 10, used, remaining: 10 - used, resetsAt: null },
  exports: { allowed: false, limit: 0, used: 0, remaining: 0, resetsAt: null },
})

class Refusal extends Error {
  readonly data: { reason: string; code: string; httpStatus: number }
  constructor(reason: string, code: string, httpStatus: number) {
    super(reason)
    this.data = { reason, code, httpStatus }
  }
}

let backends = 0

/** A backend as the clients of one browser see it: they share its refresh cookie, and each has an access token. */
export function fakeBackend() {
  const url = `https://api-${++backends}.example`
  const calls: string[] = []
  const holding = new Map<string, Promise<void>>()
  const backend = {
    calls,
    /** Whose refresh cookie the browser has. */
    cookie: null as string | null,
    isReachable: true,
    members: ['ada'],
    plan: 'Pro',
    used: new Map([
      ['ada', 1],
      ['bob', 2],
      ['team', 7],
    ]),
    client: (): TollgateClient => createTollgateClient({ url, fetch: fetchIt, cookies: 'browser' }),
    /** Answers calls of this procedure only after the returned function is called. */
    hold(path: string): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      holding.set(path, promise)
      return () => {
        holding.delete(path)
        resolve()
      }
    },
  }

  const sessionOf = (name: string) => ({
    accessToken: name,
    tokenType: 'Bearer',
    expiresAt: '2099-01-01T00:00:00.000Z',
    user: person(name),
  })
  const accountsOf = (name: string) => [personal(name), ...(backend.members.includes(name) ? [TEAM] : [])]

  function answer(path: string, input: { accountId?: string; email?: string }, token: string | null): unknown {
    if (path === 'billing.plans.list') return [{ code: 'pro', name: backend.plan }]
    if (path === 'auth.restore') {
      return backend.cookie === null
        ? { session: null, because: 'REFRESH_TOKEN_MISSING' }
        : { session: sessionOf(backend.cookie), because: null }
    }
    if (path === 'auth.login') {
      backend.cookie = input.email ?? null
      return sessionOf(input.email ?? '')
    }
    if (path === 'auth.refresh') {
      if (backend.cookie === token) return sessionOf(backend.cookie ?? '')
      throw new Refusal(backend.cookie === null ? 'REFRESH_TOKEN_MISSING' : 'REPLACED', 'UNAUTHORIZED', 401)
    }
    if (path === 'auth.logout') {
      backend.cookie = null
      return {}
    }
    if (token === null) throw new Refusal('INVALID_TOKEN', 'UNAUTHORIZED', 401)
    if (path === 'auth.me') return person(token)
    if (path === 'accounts.list') return accountsOf(token)
    if (path !== 'billing.entitlements' && path !== 'billing.trial') throw new Error(path)
    const account = accountsOf(token).find(({ id }) => id === input.accountId)
    if (!account) throw new Refusal('ACCOUNT_NOT_FOUND', 'NOT_FOUND', 404)
    if (path === 'billing.trial') return { isAvailable: account.id !== 'team', isUsed: account.id === 'team' }
    return { tier: 'free', planCode: null, until: null, features: using(backend.used.get(account.id) ?? 0) }
  }

  async function fetchIt(...[address, init]: Parameters<typeof fetch>): Promise<Response> {
    const { pathname, searchParams } = new URL(address instanceof Request ? address.url : address)
    const paths = pathname.replace('/trpc/', '').split(',')
    calls.push(...paths)
    if (!backend.isReachable) throw new TypeError('fetch failed')
    const isBatch = searchParams.has('batch')
    const headers = new Headers(init?.headers)
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? null
    const body = typeof init?.body === 'string' ? init.body : (searchParams.get('input') ?? '{}')
    const inputs = JSON.parse(body) as Record<string, { json?: object }>
    const answers = paths.map(async (path, n) => {
      await holding.get(path)
      try {
        const input = (isBatch ? inputs[n]?.json : undefined) ?? {}
        const asked = path === 'auth.refresh' ? headers.get('x-tollgate-user') : token
        return { result: { data: { json: answer(path, input, asked) } } }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return { error: { json: { message: error.message, code: -1, data: error.data } } }
      }
    })
    const results = await Promise.all(answers)
    return Response.json(isBatch ? results : results[0])
  }

  return backend
}
