import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { Accounts } from './accounts.ts'
import { advance, shownDelivery } from './control/control.routes.ts'
import { answerErrors, refuseOtherSites } from './http/plumbing.ts'
import type { StripeSandbox, StripeSandboxOptions } from './options.ts'
import { answerUnknown } from './pages/unknown-page.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { StateFile } from './state/state-file.ts'
import { DAY } from './time.ts'
import { Chaos } from './webhooks/chaos.ts'
import { registerEndpoints } from './webhooks/register-endpoints.ts'

/**
 * Starts a local Stripe Billing.
 *
 * @throws {Error} if NODE_ENV is production.
 * @throws {Error} if a secret key is not a test key.
 * @throws {Error} if the port is already in use.
 */
export async function startStripeSandbox(options: StripeSandboxOptions = {}): Promise<StripeSandbox> {
  const {
    port = 0,
    host = '127.0.0.1',
    secretKey = 'sk_test_sandbox',
    otherSecretKeys = [],
    retryDelaysMs = [1000, 5000, 30_000],
    webhookTimeoutMs = 20_000,
  } = options
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The Stripe sandbox refuses to run with NODE_ENV=production: it takes no real money.')
  if (![secretKey, ...otherSecretKeys].every((key) => key.startsWith('sk_test_')))
    throw new Error('The Stripe sandbox accepts only test keys (sk_test_…).')

  const chaos = new Chaos()
  const file = options.stateFile === undefined ? null : new StateFile(options.stateFile)
  const accounts = new Accounts({
    file,
    secretKeys: [secretKey, ...otherSecretKeys],
    chaos,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    delivery: { retryDelaysMs, timeoutMs: webhookTimeoutMs },
    report: options.onActivity ?? (() => undefined),
  })
  const { account, timelines, deliverer } = accounts.main
  const webhookSecrets = registerEndpoints(account, options.webhookEndpoints ?? [])

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  const refuse = refuseOtherSites(() => account.publicUrl)
  app.use('/_', refuse)
  app.get('/', refuse)
  app.use((request, response, next) => accounts.for(request).router(request, response, next))
  app.use(answerUnknown)
  app.use(answerErrors)
  const server = createServer(app)
  await listen(server, port, host)
  const url = `http://${host}:${portOf(server)}`
  accounts.start((options.publicUrl ?? url).replace(/\/+$/, ''))
  const heartbeat = setInterval(() => {
    for (const open of accounts.all()) open.timelines.catchUp()
  }, 1000)

  return {
    url,
    secretKey,
    accountId: account.id,
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
      for (const open of accounts.all()) open.deliverer.close()
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
