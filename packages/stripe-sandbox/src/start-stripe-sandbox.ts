import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { arrive } from './clock/arrive.ts'
import { Timelines } from './clock/timelines.ts'
import { buttons } from './control/buttons.routes.ts'
import { chaosRoutes } from './control/chaos.routes.ts'
import { controlPages } from './control/control-pages.routes.ts'
import { advance, controlRoutes, shownDelivery } from './control/control.routes.ts'
import { Flashes } from './control/flashes.ts'
import { settingsRoutes } from './control/settings.routes.ts'
import { webhookSecretRoutes } from './control/webhook-secrets.routes.ts'
import { createApi } from './http/api.ts'
import { answerErrors, refuseOtherSites } from './http/plumbing.ts'
import { authenticationPages } from './pages/authentication.routes.ts'
import { checkoutPages } from './pages/checkout.routes.ts'
import { invoicePages } from './pages/invoice.routes.ts'
import { portalPages } from './pages/portal.routes.ts'
import { ALL_ROUTES } from './routes/all-routes.ts'
import { testClockRoutes } from './routes/test-clocks.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { Account } from './state/account.ts'
import { forgetOld } from './state/forget-old.ts'
import { StateFile } from './state/state-file.ts'
import { DAY } from './time.ts'
import { Chaos } from './webhooks/chaos.ts'
import { Deliverer } from './webhooks/deliverer.ts'
import { registerEndpoints, type EndpointOption } from './webhooks/register-endpoints.ts'

export interface StripeSandboxOptions {
  /** 0 by default, which picks a free port. */
  readonly port?: number
  readonly host?: string
  /** The file that keeps all data across restarts. Without it, the data is lost when the sandbox stops. */
  readonly stateFile?: string
  readonly secretKey?: string
  /** The base URL of the hosted pages, if it is not where the sandbox listens. */
  readonly publicUrl?: string
  readonly webhookEndpoints?: readonly EndpointOption[]
  /** Milliseconds from each failed webhook attempt to the next. */
  readonly retryDelaysMs?: readonly number[]
  /** How long a webhook endpoint may take to answer, in milliseconds. */
  readonly webhookTimeoutMs?: number
  readonly settings?: Partial<Settings>
}

export interface StripeSandbox {
  /** Without a trailing slash. */
  readonly url: string
  readonly secretKey: string
  /** The secret of each endpoint given as an option, in that order. */
  readonly webhookSecrets: string[]
  /** The sandbox's own time. */
  now(): Date
  /**
   * Moves the sandbox's clock forward, performs all that is due on the way, and waits until its events are delivered.
   */
  advance(by: { to?: Date; days?: number; hours?: number; seconds?: number }): Promise<void>
  /** The types of all events so far, oldest first. */
  eventTypes(): string[]
  /** The same as `GET /_/deliveries`, newest first. */
  deliveries(): unknown[]
  /** Waits until no delivery is pending, or until none has ended for `patienceMs` (10 seconds by default). */
  drained(patienceMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a local Stripe Billing.
 *
 * @throws {Error} if NODE_ENV is production.
 * @throws {Error} if `secretKey` is not a test key.
 * @throws {Error} if the port is already in use.
 */
export async function startStripeSandbox(options: StripeSandboxOptions = {}): Promise<StripeSandbox> {
  const {
    port = 0,
    host = '127.0.0.1',
    secretKey = 'sk_test_sandbox',
    retryDelaysMs = [1000, 5000, 30_000],
    webhookTimeoutMs = 20_000,
  } = options
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The Stripe sandbox refuses to run with NODE_ENV=production: it takes no real money.')
  if (!secretKey.startsWith('sk_test_')) throw new Error('The Stripe sandbox accepts only test keys (sk_test_…).')

  const account = new Account()
  account.settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const chaos = new Chaos()
  const timelines = new Timelines(account)
  const file = options.stateFile === undefined ? null : new StateFile(options.stateFile, account.tables())
  file?.load()
  forgetOld(account)
  if (file) account.journal.onCommit((changes) => file.append(changes))
  const deliverer = new Deliverer(account, chaos, { retryDelaysMs, timeoutMs: webhookTimeoutMs })
  const webhookSecrets = registerEndpoints(account, options.webhookEndpoints ?? [])

  const flashes = new Flashes()
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use('/v1', createApi({ account, chaos, secretKey, routes: [...testClockRoutes(timelines), ...ALL_ROUTES] }))
  app.use(
    '/_',
    refuseOtherSites(() => account.publicUrl),
  )
  app.use(controlRoutes({ account, timelines, deliverer }))
  app.use(
    chaosRoutes(account, chaos),
    settingsRoutes(account, timelines),
    webhookSecretRoutes(account),
    buttons({ account, timelines, deliverer, chaos, flashes }),
    controlPages({ account, timelines, chaos, flashes }),
  )
  app.use(checkoutPages(account), authenticationPages(account), invoicePages(account), portalPages(account))
  app.use(answerErrors)
  const server = createServer(app)
  await listen(server, port, host)
  const url = `http://${host}:${portOf(server)}`
  account.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '')

  for (const clock of account.testClocks.all()) arrive(account, timelines, clock.id)
  deliverer.start()
  const heartbeat = setInterval(() => timelines.catchUp(), 1000)

  return {
    url,
    secretKey,
    webhookSecrets,
    now: () => new Date(account.now() * 1000),
    advance: ({ to, days = 0, hours = 0, seconds = 0 }) =>
      advance(
        { account, timelines, deliverer },
        to ? Math.floor(to.getTime() / 1000) : account.now() + days * DAY + hours * 3600 + seconds,
      ),
    eventTypes: () => account.events.all().map((event) => event.type),
    deliveries: () => account.deliveries.all().toReversed().map(shownDelivery),
    drained: (patienceMs = 10_000) => deliverer.drained(() => true, patienceMs),
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      deliverer.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      file?.compact()
    },
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox is not listening on a port.')
  return address.port
}
