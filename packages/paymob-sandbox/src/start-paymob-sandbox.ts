import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { Chaos } from './callbacks/chaos.ts'
import { Deliverer } from './callbacks/deliverer.ts'
import type { Paymob } from './callbacks/paymob.ts'
import { Clock } from './clock/clock.ts'
import { FollowedClock } from './clock/followed-clock.ts'
import { chaosRoutes } from './control/chaos.routes.ts'
import { controlPages } from './control/control-pages.routes.ts'
import { controlRoutes, shownCallback } from './control/controls.routes.ts'
import { Timekeeper } from './control/time.ts'
import { DAY, HOUR, type Region } from './dates.ts'
import { apiRoutes } from './http/api.ts'
import { answerErrors, refuseOtherSites } from './http/plumbing.ts'
import { Tokens } from './http/tokens.ts'
import { checkoutRoutes } from './pages/checkout.routes.ts'
import { answerUnknown } from './pages/unknown-page.ts'
import { allRoutes } from './routes/all-routes.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import type { Integrations, PaymobAccount } from './state/account.ts'
import { State } from './state/state.ts'

export interface PaymobSandboxOptions {
  /** 0 by default, which picks a free port. */
  readonly port?: number
  readonly host?: string
  /** The file that keeps all data across restarts. Without it, the data is lost when the sandbox stops. */
  readonly stateFile?: string | undefined
  /** The base URL of the checkout page, if it is not where the sandbox listens. */
  readonly publicUrl?: string | undefined
  /** The country of the account, which decides its time zone: Egypt by default. */
  readonly region?: Region
  readonly secretKey?: string
  readonly publicKey?: string
  readonly apiKey?: string
  readonly hmacSecret?: string
  readonly integrations?: Partial<Integrations>
  /** Where the dashboard sends transaction and card callbacks whose intention names no other URL. */
  readonly callbackUrl?: string | undefined
  /** Where the dashboard sends customers whose intention names no other URL. */
  readonly returnUrl?: string | undefined
  /** Who asks for the money on the checkout page: "Paymob sandbox" by default. */
  readonly merchantName?: string | undefined
  /** As `#rrggbb`. Undefined: the sandbox's own color. */
  readonly merchantColor?: string | undefined
  /** A clock to follow, such as the Stripe sandbox's `http://127.0.0.1:3002/_/clock`. */
  readonly clockUrl?: string | undefined
  /** Milliseconds from each failed callback to the next attempt. None by default: Paymob documents no retries. */
  readonly retryDelaysMs?: readonly number[]
  /** How long the receiver of a callback may take to answer, in milliseconds. */
  readonly callbackTimeoutMs?: number
  readonly settings?: Partial<Settings>
}

export interface PaymobSandbox {
  /** Without a trailing slash. */
  readonly url: string
  readonly secretKey: string
  readonly publicKey: string
  readonly apiKey: string
  readonly hmacSecret: string
  readonly integrations: Integrations
  now(): Date
  /** Moves the clock forward, makes all deductions on the way, and waits until their callbacks are delivered. */
  advance(by: { to?: Date; days?: number; hours?: number; seconds?: number }): Promise<void>
  /** `TRANSACTION`, `TOKEN`, or the trigger, of all callbacks so far, oldest first. */
  callbackTypes(): string[]
  /** The same as `GET /_/callbacks`, newest first. */
  callbacks(): ReturnType<typeof shownCallback>[]
  /** Waits until no callback is on its way, or until none has ended for `patienceMs` (10 seconds by default). */
  drained(patienceMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const INTEGRATIONS: Integrations = { card: 4_097_558, moto: 4_097_559, auth: 4_097_560, verification: 4_097_561 }

/**
 * Starts a local Paymob.
 *
 * @throws {Error} if NODE_ENV is production.
 * @throws {Error} if a key is not a test key, or the merchant's color is not like `#rrggbb`.
 * @throws {Error} if the port is already in use.
 */
export async function startPaymobSandbox(options: PaymobSandboxOptions = {}): Promise<PaymobSandbox> {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The Paymob sandbox refuses to run with NODE_ENV=production: it takes no real money.')
  const { port = 0, host = '127.0.0.1' } = options
  const account = accountOf(options)
  const state = new State(options.stateFile)
  const chaos = new Chaos()
  const { retryDelaysMs = [], callbackTimeoutMs = 20_000 } = options
  const deliverer = new Deliverer(state, chaos, { retryDelaysMs, timeoutMs: callbackTimeoutMs })
  const settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const paymob: Paymob = { account, state, clock: new Clock(state), chaos, deliverer, settings, publicUrl: '' }
  const tokens = new Tokens()
  const time = new Timekeeper(paymob, options.clockUrl === undefined ? null : new FollowedClock(options.clockUrl))
  const catchUp = () => time.catchUp()

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(
    '/_',
    refuseOtherSites(() => paymob.publicUrl),
    express.json(),
  )
  app.use(controlPages({ paymob, tokens, time }))
  app.use(controlRoutes(paymob, time))
  app.use(chaosRoutes(paymob, tokens, time))
  app.use(checkoutRoutes(paymob, catchUp))
  app.use(apiRoutes({ paymob, tokens, routes: allRoutes(paymob, tokens), catchUp }))
  app.use(answerUnknown)
  app.use(answerErrors)
  const server = createServer(app)
  server.listen(port, host)
  await once(server, 'listening')
  const url = `http://${host}:${portOf(server)}`
  paymob.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '')
  deliverer.start()
  const heartbeat = setInterval(() => void catchUp(), 1000)

  return {
    url,
    ...pick(account),
    now: () => new Date(paymob.clock.now()),
    advance: ({ to, days = 0, hours = 0, seconds = 0 }) =>
      time.advance(to ? to.getTime() : paymob.clock.now() + days * DAY + hours * HOUR + seconds * 1000),
    callbackTypes: () => state.callbacks.all().map(({ type }) => type),
    callbacks: () => state.callbacks.all().toReversed().map(shownCallback),
    drained: (patienceMs = 10_000) => deliverer.drained(patienceMs),
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      deliverer.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      state.save()
    },
  }
}

/** The color goes into the page's style as it is, so it is checked. */
function colorOf(text: string | undefined): string | null {
  if (text === undefined || /^#[\da-f]{6}$/i.test(text)) return text ?? null
  throw new Error("The merchant's color must be like #1f5eff.")
}

/** The account of the options, with keys as Paymob writes them: `egy_sk_test_…`. */
function accountOf(options: PaymobSandboxOptions): PaymobAccount {
  const { region = 'EGY', apiKey = 'sandbox-api-key', hmacSecret = 'sandbox-hmac-secret' } = options
  const prefix = region.toLowerCase()
  const { secretKey = `${prefix}_sk_test_sandbox`, publicKey = `${prefix}_pk_test_sandbox` } = options
  if (![secretKey, publicKey].every((key) => key.includes('_test_')))
    throw new Error('The Paymob sandbox accepts only test keys (…_sk_test_…, …_pk_test_…).')
  return {
    ...{ region, secretKey, publicKey, apiKey, hmacSecret },
    integrations: { ...INTEGRATIONS, ...options.integrations },
    callbackUrl: options.callbackUrl ?? null,
    returnUrl: options.returnUrl ?? null,
    merchant: { name: options.merchantName ?? 'Paymob sandbox', color: colorOf(options.merchantColor) },
  }
}

function pick({ secretKey, publicKey, apiKey, hmacSecret, integrations }: PaymobAccount) {
  return { secretKey, publicKey, apiKey, hmacSecret, integrations }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox is not listening on a port.')
  return address.port
}
