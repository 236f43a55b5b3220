import { randomUUID } from 'node:crypto'
import { createTollgateClient } from '@tollgate/client'
import { inject } from 'vitest'
import { aMailTo, tokenIn, until } from '../inbox.ts'
import { payOnPage } from '../pay.ts'
import { WEBHOOK_SECRET } from '../test-app.ts'

interface Addresses {
  databaseUrl: string
  url: string
  port: number
  stripe: { url: string; secretKey: string }
}

/** The environment of a server of any version. */
export function environment({ databaseUrl, url, port, stripe }: Addresses): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'test',
    PORT: String(port),
    API_URL: url,
    WEB_URL: 'http://console.test',
    DATABASE_URL: databaseUrl,
    RATE_LIMIT_ENABLED: 'false',
    ACCESS_TOKEN_SECRET: 'an access secret that is 32 bytes long',
    REFRESH_TOKEN_SECRET: 'a refresh secret that is 32 bytes long',
    VALIDATION_TOKEN_SECRET: 'a validation secret of 32 bytes or so',
    SMTP_URL: inject('inbox').smtpUrl,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_URL: stripe.url,
    BILLING_CLOCK_URL: `${stripe.url}/_/clock`,
    RECHECK_EVERY: 'off',
    SESSION_POLICY: 'multiple',
  }
}

export interface Person {
  id: string
  email: string
  password: string
}

/** Signs up, verifies, logs in, and buys a plan. */
export async function live(url: string): Promise<Person> {
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  const username = `new-${randomUUID().slice(0, 8)}`
  const person = { email: `${username}@example.com`, password: 'correct horse battery' }
  const { user } = await api.auth.register.mutate({ ...person, username })
  await api.auth.verifyEmail.mutate({ token: tokenIn(await aMailTo(person.email, /./)) })
  await api.auth.login.mutate(person)
  const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
  await payOnPage(checkoutUrl)
  await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess, 60_000)
  return { id: user.id, ...person }
}

export interface Call {
  what: string
  ms: number
  failure: unknown
}

/** Reads as one person, and signs up and buys as others, until it is stopped. */
export function startTraffic(url: string, reader: Person) {
  const calls: Call[] = []
  const people: Promise<Person>[] = []
  const over = new AbortController()
  const measured = async (what: string, work: () => Promise<unknown>) => {
    const since = performance.now()
    const failure = await work().then(
      () => null,
      (error: unknown) => String(error),
    )
    calls.push({ what, ms: performance.now() - since, failure })
  }
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  const reading = (async () => {
    await api.auth.login.mutate(reader)
    while (!over.signal.aborted) {
      await measured('current', () => api.billing.subscriptions.current.query())
      await measured('payments', () => api.billing.payments.list.query({}))
      await measured('me', () => api.auth.me.query())
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  const buying = (async () => {
    while (!over.signal.aborted) {
      const person = live(url)
      people.push(person)
      await measured('a life', () => person)
    }
  })()
  return {
    async stop(): Promise<Call[]> {
      over.abort()
      await Promise.all([reading, buying])
      // A life is many calls and mails; only its failure counts.
      return calls.map((call) => (call.what === 'a life' ? { ...call, ms: 0 } : call))
    },
    people: () => Promise.all(people),
  }
}
