import type { Endpoints } from '@tollgate/local/endpoints'
import type { Ceiling } from './ceiling.ts'
import { call, mutate, refreshCookieOf } from './http-calls.ts'
import { keepBusy } from './load.ts'
import { newAccount, PASSWORD, type Person } from './people.ts'
import type { UsageCalls } from './usage-calls.ts'
import { deliver, someEvent } from './webhook-calls.ts'

export const CONNECTIONS = 16

/** A rate of the server and its ceiling. `mark` and `wrongBelow` are ratios of the two. */
export interface Figure {
  /** What is measured: `server / ceiling`. */
  title: string
  /** The target. */
  mark: number
  /** Below this, something is broken. */
  wrongBelow: number
  /** Measures the server for this long. @returns calls per second. */
  server(milliseconds: number): Promise<number>
  /** Measures the ceiling for this long. @returns calls per second. */
  ceiling(milliseconds: number): Promise<number>
}

export interface Bench {
  endpoints: Readonly<Endpoints>
  ceiling: Ceiling
  people: Person[]
  usage: UsageCalls
  /** The same API twice, with access tokens of a private key and of a secret. */
  signed: { es256: CallTarget; hs256: CallTarget }
}

/** Where calls go, and for whom they are made. */
export interface CallTarget {
  endpoints: Readonly<Pick<Endpoints, 'api' | 'webhookSecret'>>
  people: readonly Person[]
}

/** The calls to measure. Each gets the number of its connection. */
export function calls({ endpoints, people }: CallTarget) {
  const { api } = endpoints
  const person = (connection: number) => {
    const found = people[connection % people.length]
    if (!found) throw new Error('There are no people to make calls for.')
    return found
  }
  return {
    async logIn(connection: number) {
      const someone = person(connection)
      const { answer, json } = await mutate(api, 'auth.login', { email: someone.email, password: PASSWORD })
      someone.accessToken = String(json['accessToken'])
      someone.refreshCookie = refreshCookieOf(answer)
    },
    register: () => mutate(api, 'auth.register', newAccount()),
    me: (connection: number) =>
      call(`${api}/trpc/auth.me`, { headers: { authorization: `Bearer ${person(connection).accessToken}` } }),
    async refresh(connection: number) {
      const someone = person(connection)
      const { answer } = await mutate(api, 'auth.refresh', undefined, { cookie: someone.refreshCookie })
      someone.refreshCookie = refreshCookieOf(answer)
    },
    webhook: () => deliver(endpoints, someEvent()),
  }
}

/** All figures, in the order of measurement. */
export function figures(bench: Bench): Figure[] {
  const { ceiling, usage, signed } = bench
  const { logIn, register, me, refresh, webhook } = calls(bench)
  const rateOf = (act: (connection: number) => Promise<unknown>) => async (milliseconds: number) =>
    (await keepBusy(CONNECTIONS, milliseconds, act)).perSecond
  const bare = (name: 'verify' | 'hash' | 'rotate' | 'insert' | 'count') => async (milliseconds: number) =>
    (await ceiling.measure({ name, connections: CONNECTIONS, milliseconds })).perSecond

  return [
    {
      title: 'logins / bare Argon2 verifies',
      mark: 0.9,
      wrongBelow: 0.76, // with rate limits on, it was 0.82 on a machine at rest
      server: rateOf(logIn),
      ceiling: bare('verify'),
    },
    {
      title: 'registrations / bare Argon2 hashes',
      mark: 0.9,
      wrongBelow: 0.8,
      server: rateOf(register),
      ceiling: bare('hash'),
    },
    {
      title: 'auth.me / a tRPC call that does nothing',
      mark: 0.5,
      wrongBelow: 0.3,
      server: rateOf(me),
      ceiling: rateOf(() => call(`${ceiling.url}/trpc/nothing`)),
    },
    {
      title: 'access tokens in auth.me: ES256 / HS256',
      mark: 0.95,
      wrongBelow: 0.7,
      server: rateOf(calls(signed.es256).me),
      ceiling: rateOf(calls(signed.hs256).me),
    },
    {
      title: 'refreshes / rotations in a bare transaction',
      mark: 0.8,
      wrongBelow: 0.55,
      server: rateOf(refresh),
      ceiling: bare('rotate'),
    },
    {
      title: 'webhooks stored and queued / bare inserts',
      mark: 0.35,
      wrongBelow: 0.25,
      server: rateOf(webhook),
      ceiling: bare('insert'),
    },
    {
      title: 'uses counted / bare updates of a counter',
      mark: 0.5,
      wrongBelow: 0.1,
      server: rateOf(usage.spread),
      ceiling: bare('count'),
    },
    {
      title: 'uses counted / bare updates, both over HTTP',
      mark: 0.5,
      wrongBelow: 0.2,
      server: rateOf(usage.spread),
      ceiling: rateOf((connection) => mutate(ceiling.url, 'count', { connection })),
    },
  ]
}
