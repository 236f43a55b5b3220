import express, { type Router } from 'express'
import { arrive } from './clock/arrive.ts'
import type { Timelines } from './clock/timelines.ts'
import { accountRoutes } from './control/account.routes.ts'
import { buttons } from './control/buttons.routes.ts'
import { chaosRoutes } from './control/chaos.routes.ts'
import { controlPages } from './control/control-pages.routes.ts'
import { controlRoutes } from './control/control.routes.ts'
import { eventControls } from './control/events.routes.ts'
import { Flashes } from './control/flashes.ts'
import { settingsRoutes } from './control/settings.routes.ts'
import { webhookSecretRoutes } from './control/webhook-secrets.routes.ts'
import { createApi } from './http/api.ts'
import type { Activity } from './options.ts'
import { authenticationPages } from './pages/authentication.routes.ts'
import { checkoutPages } from './pages/checkout.routes.ts'
import { invoicePages } from './pages/invoice.routes.ts'
import { paymentLinkPages } from './pages/payment-link.routes.ts'
import { portalPages } from './pages/portal.routes.ts'
import { testClockRoutes } from './routes/account/test-clocks.ts'
import { v2Routes } from './routes/account/v2-events.ts'
import { ALL_ROUTES } from './routes/all-routes.ts'
import type { Settings } from './settings.ts'
import type { Account } from './state/account.ts'
import type { KeyRing } from './state/key-ring.ts'
import { stripeJs } from './stripe-js/stripe-js.routes.ts'
import type { Chaos } from './webhooks/chaos.ts'
import { Deliverer } from './webhooks/deliverer.ts'

/** What all accounts of a sandbox share. */
export interface Shared {
  readonly keys: KeyRing
  readonly chaos: Chaos
  readonly settings: Settings
  readonly delivery: { readonly retryDelaysMs: readonly number[]; readonly timeoutMs: number }
  readonly report: (activity: Activity) => void
  /** The timelines of all accounts: they have one clock. */
  readonly timelines: Timelines[]
}

/** An account that answers requests, and works through what is due. */
export interface OpenAccount {
  readonly account: Account
  readonly timelines: Timelines
  readonly deliverer: Deliverer
  /** The API, the controls and the hosted pages. */
  readonly router: Router
  /** Continues what was under way when the sandbox stopped. */
  start(): void
}

/** Serves an account whose rows are loaded, or which is new. */
export function openAccount(account: Account, timelines: Timelines, shared: Shared): OpenAccount {
  const { chaos, keys } = shared
  reportEvents(account, shared.report)
  const deliverer = new Deliverer(account, chaos, { ...shared.delivery, report: shared.report })
  const flashes = new Flashes()
  const room = { account, timelines, deliverer, chaos, flashes }
  const router = express.Router()
  router.use('/v1', createApi({ account, chaos, keys, routes: [...testClockRoutes(timelines), ...ALL_ROUTES] }))
  router.use('/v2', createApi({ account, chaos, keys, routes: v2Routes, version: 'v2' }))
  router.use(
    controlRoutes(room),
    accountRoutes(keys),
    chaosRoutes(account, chaos),
    eventControls(account),
    settingsRoutes(account, timelines),
    webhookSecretRoutes(account),
    buttons(room),
    controlPages(room),
  )
  router.use(
    paymentLinkPages(account),
    stripeJs(),
    checkoutPages(account),
    authenticationPages(account),
    invoicePages(account),
    portalPages(account),
  )
  return {
    account,
    timelines,
    deliverer,
    router,
    start() {
      for (const clock of account.testClocks.all()) arrive(account, timelines, clock.id)
      deliverer.start()
    },
  }
}

/** Reports each new event, before the attempts to deliver it. */
function reportEvents(account: Account, report: Shared['report']): void {
  account.journal.onCommit((changes) => {
    for (const { table, id } of changes) {
      const event = table === account.events.name ? account.events.find(id) : undefined
      if (event) report({ kind: 'event', id, type: event.type, created: event.created })
    }
  })
}
