import Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import { BadWebhook, PaymentProviderError } from '../billing.errors.ts'
import { CAPABILITIES } from './capabilities.ts'
import type { PaymentProvider, ProviderCatalogueItem, ProviderNotice } from './payment-provider.ts'
import { asked, orNull, within } from './stripe-calls.ts'
import { createStripeCatalogue } from './stripe-catalogue.ts'
import { createStripeCheckout } from './stripe-checkout.ts'
import { createStripeCredit } from './stripe-credit.ts'
import { createStripeCustomers } from './stripe-customers.ts'
import { readStripeEvent, verifyStripeEvent } from './stripe-events.ts'
import { createStripePayments, listStripeEvents } from './stripe-payments.ts'
import { createStripePlanChanges } from './stripe-plan-changes.ts'
import { createStripeSubscriptions } from './stripe-subscriptions.ts'

/** The version whose shapes this code reads; an account's own default must not change them. */
const API_VERSION = '2026-10-28.endive'

export interface StripeSettings {
  readonly secretKey: string
  /** All that may sign, so that a secret can be rotated. */
  readonly webhookSecrets: readonly string[]
  /** A sandbox; Stripe itself without it. */
  readonly apiUrl: string | undefined
}

/**
 * Stripe behind the port. Every call has a time-out and every change an idempotency key made from a row of ours, so
 * that a repeat after a crash finds the first one's result.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export function createStripeGateway(settings: StripeSettings): PaymentProvider {
  const stripe = new Stripe(settings.secretKey, {
    apiVersion: API_VERSION,
    timeout: 4 * SECOND,
    // Of many calls with one key at once, Stripe lets one through and asks the others to come again.
    maxNetworkRetries: 2,
    telemetry: false,
    ...(settings.apiUrl ? addressOf(settings.apiUrl) : {}),
  })

  return {
    name: 'stripe',

    capabilities: CAPABILITIES.stripe,
    within,
    checkAccess: () => checkAccess(stripe),

    ...createStripeCustomers(stripe),
    ...createStripeCatalogue(stripe),
    ...createStripeCheckout(stripe),
    ...createStripeSubscriptions(stripe),
    ...createStripePlanChanges(stripe),
    ...createStripePayments(stripe),
    ...createStripeCredit(stripe),

    fetchCatalogueItem: (item) => asked(async () => fetchCatalogueItem(stripe, item)).catch(orNull),

    async *listChanges(range) {
      for await (const event of listStripeEvents(stripe, range)) {
        const notice = readListed(event)
        if (notice) yield notice
      }
    },
    verifyWebhook: (rawBody, signature) => verifyStripeEvent(stripe, settings.webhookSecrets, rawBody, signature),
    readNotice: readStripeEvent,
  }
}

/** The account's list also has events about nothing that has an id, such as `invoice.upcoming`: they tell us nothing. */
function readListed(event: Stripe.Event): ProviderNotice | null {
  try {
    return readStripeEvent(event)
  } catch (error) {
    if (error instanceof BadWebhook) return null
    throw error
  }
}

async function checkAccess(stripe: Stripe): Promise<'ok' | 'refused' | 'forbidden' | 'unreachable'> {
  try {
    await asked(async () => stripe.products.list({ limit: 1 }))
    return 'ok'
  } catch (error) {
    const cause = error instanceof PaymentProviderError ? error.cause : error
    if (cause instanceof Stripe.errors.StripeAuthenticationError) return 'refused'
    return cause instanceof Stripe.errors.StripePermissionError ? 'forbidden' : 'unreachable'
  }
}

async function fetchCatalogueItem(
  stripe: Stripe,
  { kind, id }: { kind: 'product' | 'price'; id: string },
): Promise<ProviderCatalogueItem | null> {
  if (kind === 'price') return { id, name: null, isActive: (await stripe.prices.retrieve(id)).active }
  const { name, active } = await stripe.products.retrieve(id)
  return { id, name, isActive: active }
}

function addressOf(apiUrl: string) {
  const { hostname, port, protocol } = new URL(apiUrl)
  const isHttp = protocol === 'http:'
  return { host: hostname, port: Number(port) || (isHttp ? 80 : 443), protocol: isHttp ? 'http' : 'https' } as const
}
