import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { answerUnknown, controlRoutes } from './control.routes.ts'
import type { Delivery } from './delivery.ts'
import { CALM, readDisturbance, type Disturbance } from './disturbance.ts'
import { Forwarder } from './forwarder.ts'
import { hookRoutes } from './hook.routes.ts'
import { Inbox } from './inbox.ts'
import { answerErrors, refuseOtherSites } from './plumbing.ts'
import type { Receiver } from './receiver.ts'
import { Settings } from './settings.ts'

export interface WebhookSandboxOptions {
  /** 0 by default, which picks a free port. */
  readonly port?: number
  readonly host?: string
  /** The file that keeps the secrets and the address of your own app. Without it, they are lost at the end. */
  readonly stateFile?: string | undefined
  /** The secrets of the endpoints that lead here: `whsec_…`. */
  readonly secrets?: readonly string[]
  /** The URL of your own app. */
  readonly forwardTo?: string | undefined
}

export interface WebhookSandbox {
  /** Without a trailing slash. */
  readonly url: string
  /** The URL for an endpoint of Tollgate's. */
  readonly hookUrl: string
  addSecret(secret: string): void
  disturb(disturbance: Partial<Disturbance>): void
  /** Newest first. */
  deliveries(): readonly Delivery[]
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a local receiver of webhooks.
 *
 * @throws {Error} if NODE_ENV is production.
 * @throws {Error} if the port is already in use.
 */
export async function startWebhookSandbox(options: WebhookSandboxOptions = {}): Promise<WebhookSandbox> {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The webhook receiver refuses to run with NODE_ENV=production: it shows everything that it gets.')
  const { port = 0, host = '127.0.0.1' } = options
  const { secrets = [], forwardTo = null } = options
  const settings = new Settings(options.stateFile, { secrets, forwardTo })
  const receiver: Receiver = {
    settings,
    inbox: new Inbox(() => settings.secrets),
    forwarder: new Forwarder({ target: () => settings.forwardTo, disturbance: () => receiver.disturbance }),
    disturbance: CALM,
    hookUrl: '',
  }
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(
    '/_',
    refuseOtherSites(() => receiver.hookUrl),
  )
  app.use(hookRoutes(receiver))
  app.use(controlRoutes(receiver))
  app.use(answerUnknown)
  app.use(answerErrors)
  const server = createServer(app)
  server.listen(port, host)
  await once(server, 'listening')
  const url = `http://${host}:${(server.address() as AddressInfo).port}`
  receiver.hookUrl = `${url}/hooks`

  return {
    url,
    hookUrl: receiver.hookUrl,
    addSecret: (secret) => settings.addSecret(secret),
    disturb: (disturbance) => {
      receiver.disturbance = readDisturbance(disturbance, receiver.disturbance)
    },
    deliveries: () => receiver.inbox.all(),
    async [Symbol.asyncDispose]() {
      receiver.forwarder.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
