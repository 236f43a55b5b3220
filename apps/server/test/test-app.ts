import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTollgateClient, type TollgateClient, type TollgateClientOptions } from '@tollgate/client'
import { startPaymobSandbox, type PaymobSandbox } from '@tollgate/paymob-sandbox'
import { startStripeSandbox, type StripeSandboxOptions } from '@tollgate/stripe-sandbox'
import type { Express } from 'express'
import { inject } from 'vitest'
import type { SeatSource } from '../src/accounts/index.ts'
import { createApp } from '../src/app.ts'
import { createPasswords } from '../src/auth/index.ts'
import { TakeDunningSteps, WarnOfCards, WarnOfLostCodes } from '../src/billing/index.ts'
import { readConfig } from '../src/config.ts'
import { createDeps, openScope, type Deps, type FullScope, type Shortcuts } from '../src/deps.ts'
import { createHttpServer } from '../src/platform/http/http-server.ts'
import { runJobs, startRunner, stopJobs, type JobRoute } from '../src/platform/jobs/job-runner.ts'
import { createLog } from '../src/platform/log.ts'
import { createJobRoutes } from '../src/worker.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { createTestDatabase } from './test-database.ts'

export const WEBHOOK_SECRET = 'whsec_test_secret_of_the_sandbox_endpoint'
const WEB_URL = 'http://console.test'

/** Shared by all apps of this process. */
const quickPasswords = createPasswords({ memoryCost: 64, timeCost: 2 })

export interface TestUser {
  id: string
  email: string
  username: string
  password: string
}

export interface TestApp extends AsyncDisposable {
  readonly url: string
  readonly http: Express
  readonly deps: Deps
  readonly clock: TestClock
  readonly stripe: Awaited<ReturnType<typeof startStripeSandbox>>
  /** Undefined unless the test asks for it. It follows the Stripe sandbox's clock. */
  readonly paymob: PaymobSandbox | undefined
  /** Opens a new scope, as for a job. */
  scope(): FullScope
  client(options?: Partial<TollgateClientOptions>): TollgateClient
  /** Creates a user, verified by default. */
  aUser(account?: Partial<TestUser> & { isVerified?: boolean; isAdmin?: boolean }): Promise<TestUser>
  /** Returns a client that is logged in as this user. */
  as(user: TestUser): Promise<TollgateClient>
  /** Starts the worker if it is not running. */
  startWorker(): Promise<void>
  stopWorker(): Promise<void>
}

interface TestAppOptions {
  /** Whether the worker runs from the start (the default). Without it, queued jobs stay queued. */
  worker?: boolean
  /** Maps the database's URL to the one that the server uses, such as that of a proxy. */
  through?: (databaseUrl: string) => Promise<string>
  sandbox?: StripeSandboxOptions
  /** Whether plans can be sold through Paymob, at a sandbox. */
  paymob?: boolean
  /** Turns shortcuts of the hot path off, so that their plain paths run. */
  shortcuts?: Shortcuts
  /** What plans say about members, instead of billing. */
  seats?: SeatSource
  /** Hashes passwords and codes as in production, which takes 20 times as long. */
  strongHashes?: boolean
}

/**
 * Starts the complete server over real HTTP, with its own database and Stripe sandbox, and the shared mail inbox.
 *
 * @param env settings that differ from the defaults.
 */
export async function createTestApp(
  env: Record<string, string> = {},
  {
    worker = true,
    through,
    sandbox,
    paymob: sellsAtPaymob = false,
    shortcuts,
    seats,
    strongHashes = false,
  }: TestAppOptions = {},
): Promise<TestApp> {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await createTestDatabase())
  const server = createHttpServer((req, res) => void http(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => closed(server))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const webhook = { url: `${url}/billing/stripe/webhook`, secret: WEBHOOK_SECRET }
  const stripe = stack.use(await startStripeSandbox({ webhookEndpoints: [webhook], ...sandbox }))

  const clockUrl = `${stripe.url}/_/clock`
  const paymob = sellsAtPaymob ? stack.use(await startPaymobSandbox({ clockUrl })) : undefined

  const databaseUrl = (await through?.(database.url)) ?? database.url
  const config = readConfig({ ...settings(url, stripe), ...paymobSettings(paymob), DATABASE_URL: databaseUrl, ...env })
  const log = createLog({ level: config.LOG_LEVEL, name: 'test' })
  const clock = createTestClock()
  // API and worker share the test's process, so one runner both sends and runs jobs.
  const boss = await startRunner(database.url, log)
  const passwords = await (strongHashes ? createPasswords() : quickPasswords)
  const replaced = { clock, passwords, ...(shortcuts && { shortcuts }), ...(seats && { seats }) }
  const deps = await createDeps(config, log, boss, replaced)
  stack.defer(() => deps.close())
  let isWorking = false
  stack.defer(() => stopJobs(boss, 5_000))
  const http = createApp(deps, () => false)

  const scope = () => openScope(deps, {})
  const client = (options: Partial<TollgateClientOptions> = {}) =>
    createTollgateClient({ url, cookies: 'memory', ...options })
  const app = {
    url,
    http,
    deps,
    clock,
    stripe,
    paymob,
    scope,
    client,
    aUser: (account = {}) => aUser(deps, account),
    async as(user: TestUser) {
      const asUser = client()
      await asUser.api.auth.login.mutate({ email: user.email, password: user.password })
      return asUser
    },
    async startWorker() {
      if (!isWorking) await runJobs(boss, createJobRoutes(deps).map(onDemand), log)
      isWorking = true
    },
    async stopWorker() {
      for (const { queue } of createJobRoutes(deps)) await boss.offWork(queue.name, { wait: true })
      isWorking = false
    },
  } satisfies Omit<TestApp, typeof Symbol.asyncDispose>
  if (worker) await app.startWorker()

  const running = stack.move()
  return { ...app, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** These ask the provider, and would take the failures that a test plans for other calls. */
const ON_DEMAND: ReadonlySet<string> = new Set([TakeDunningSteps.name, WarnOfCards.name, WarnOfLostCodes.name])

const onDemand = (route: JobRoute): JobRoute =>
  ON_DEMAND.has(route.queue.name) ? { ...route, cron: undefined } : route

function settings(url: string, stripe: { url: string; secretKey: string }): Record<string, string> {
  return {
    NODE_ENV: 'test',
    RATE_LIMIT_ENABLED: 'false',
    LOG_LEVEL: 'silent',
    API_URL: url,
    WEB_URL,
    ACCESS_TOKEN_SECRET: 'an access secret that is 32 bytes long',
    REFRESH_TOKEN_SECRET: 'a refresh secret that is 32 bytes long',
    VALIDATION_TOKEN_SECRET: 'a validation secret of 32 bytes or so',
    SMTP_URL: inject('inbox').smtpUrl,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_URL: stripe.url,
    BILLING_CLOCK_URL: `${stripe.url}/_/clock`,
    RECHECK_EVERY: 'off', // otherwise it would take the failures that a test plans for other calls
  }
}

/** What a server process needs to use a sandbox of Paymob's. */
export function paymobSettings(paymob: PaymobSandbox | undefined): Record<string, string> {
  if (!paymob) return {}
  return {
    PAYMOB_SECRET_KEY: paymob.secretKey,
    PAYMOB_PUBLIC_KEY: paymob.publicKey,
    PAYMOB_API_KEY: paymob.apiKey,
    PAYMOB_HMAC_SECRET: paymob.hmacSecret,
    PAYMOB_INTEGRATION_3DS: String(paymob.integrations.card),
    PAYMOB_INTEGRATION_MOTO: String(paymob.integrations.moto),
    PAYMOB_URL: paymob.url,
  }
}

async function aUser(deps: Deps, account: Parameters<TestApp['aUser']>[0]): Promise<TestUser> {
  const name = `user-${randomUUID().slice(0, 8)}`
  const { email = `${name}@example.com`, username = name, password = 'correct horse battery' } = account ?? {}
  const { em } = openScope(deps, {})
  const passwordHash = await deps.auth.passwords.hash(password)
  const id = randomUUID()
  await em.execute(
    `with opened as (
       insert into users (id, email, username, username_key, password_hash, is_verified, is_admin, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, date_trunc('milliseconds', now()), now())
     ) insert into profiles (user_id, updated_at) values (?, now())`,
    [
      ...[id, email, username, username.toLowerCase(), passwordHash],
      ...[account?.isVerified ?? true, account?.isAdmin ?? false, id],
    ],
  )
  return { id, email, username, password }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
}
