import { randomUUID } from 'node:crypto'
import { startPaymobSandbox, type PaymobSandbox } from '@tollgate/paymob-sandbox'
import { PaymentProviderError } from '../src/billing/billing.errors.ts'
import { createPaymobGateway, type PaymobSettings } from '../src/billing/providers/paymob/gateway.ts'

type Settings = Partial<PaymobSettings>
type SandboxOptions = Parameters<typeof startPaymobSandbox>[0]

/** Paymob's adapter, in front of a sandbox of its own, without the rest of the server. */
export async function aPaymobGateway({ settings, ...options }: { settings?: Settings } & SandboxOptions = {}) {
  const sandbox = await startPaymobSandbox(options)
  const wall = { passed: 0 }
  const gateway = createPaymobGateway({
    secretKey: sandbox.secretKey,
    publicKey: sandbox.publicKey,
    apiKey: sandbox.apiKey,
    hmacSecret: sandbox.hmacSecret,
    cardIntegration: sandbox.integrations.card,
    motoIntegration: sandbox.integrations.moto,
    apiUrl: sandbox.url,
    // No one listens there: what these tests want to know, they ask for.
    callbackUrl: 'http://127.0.0.1:9/billing/paymob/callback',
    returnUrl: 'http://127.0.0.1:9/billing/paymob/return',
    clock: { now: () => new Date(Date.now() + wall.passed) },
    now: async () => sandbox.now(),
    ...settings,
  })
  return {
    sandbox,
    gateway,
    /** Lets wall time pass for the adapter. */
    wait(ms: number): void {
      wall.passed += ms
    },
    provider: () => gateway.withTimeBudget(20_000),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  }
}

export type PaymobSetup = Awaited<ReturnType<typeof aPaymobGateway>>

/** A call of the sandbox's controls. */
export async function control(
  { url }: Pick<PaymobSandbox, 'url'>,
  method: 'POST' | 'PUT',
  path: string,
  body: object = {},
): Promise<{ transaction: { id: number; success: boolean }; returnTo: string }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/_/${path}`, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as { transaction: { id: number; success: boolean }; returnTo: string }
}

/** Loses the answer to the first call of some work that has this method and this text in its path. It takes effect. */
export async function losingAnswer<T>(method: string, path: string, work: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch
  let isLost = false
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init)
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (isLost || init?.method !== method || !pathname.includes(path)) return response
    isLost = true
    await response.text()
    throw new TypeError('fetch failed', { cause: new Error('other side closed') })
  }
  try {
    return await work()
  } finally {
    globalThis.fetch = original
  }
}

/** The error of a provider's call that has to fail. */
export const failureOf = async (work: Promise<unknown>): Promise<PaymentProviderError> => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PaymentProviderError)) throw new Error('It did not fail as a provider does.', { cause: error })
  return error
}

/** A price at Paymob: what costs this every 30 days. */
export async function aPrice({ provider }: PaymobSetup, priceCents = 10_000, terms: object = {}): Promise<string> {
  return provider().ensurePrice({
    ...{ key: randomUUID(), planId: randomUUID(), productId: 'plan_1', name: 'Pro', priceCents },
    ...{ currency: 'egp', billingPeriod: 'monthly', seats: null, ...terms },
  })
}

export function pageInput(providerPriceId: string, terms: object = {}) {
  return {
    checkoutId: randomUUID(),
    accountId: randomUUID(),
    userId: randomUUID(),
    readContact: async () => ({ email: 'mona@example.com', name: 'Mona Adel' }),
    upgradeFrom: null,
    upgradeFromItemId: null,
    providerCustomerId: `paymob_${randomUUID()}`,
    providerPriceId,
    productId: `paymob_${randomUUID()}`,
    planName: 'Pro',
    priceCents: 10_000,
    currency: 'egp',
    quantity: null,
    promotionCodeId: null,
    now: new Date(),
    trialDays: 0,
    startsAt: null,
    isFree: false,
    successUrl: 'http://127.0.0.1:9/success',
    cancelUrl: 'http://127.0.0.1:9/cancel',
    expiresAt: new Date(Date.now() + 12 * 3_600_000),
    ...terms,
  }
}

/** A subscription that was bought a moment ago. */
export async function aPaymobSubscription(
  setup: PaymobSetup,
  { priceCents = 10_000, trialDays = 0, ...how }: { priceCents?: number; trialDays?: number; card?: string } = {},
) {
  const priceId = await aPrice(setup, priceCents)
  const input = pageInput(priceId, { priceCents, trialDays })
  const page = await setup.provider().startCheckout(input)
  if (page.state !== 'open') throw new Error(`The page is ${page.state}.`)
  const { transaction } = await control(setup.sandbox, 'POST', 'checkouts/pay', { reference: page.sessionId, ...how })
  const id = (await setup.provider().fetchCheckout(page.sessionId))?.subscriptionId
  if (!id) throw new Error('The payment has begun no subscription.')
  return { id, priceId, paymentId: String(transaction.id), customerId: input.providerCustomerId, page }
}

/** The item of a subscription's plan, for calls that change it. */
export const planOf = (subscriptionId: string) => ({ subscriptionId, itemId: null, planPriceIds: [] })

/** Paymob refuses every refund and void, as it does without enough balance. */
export async function refusingRefunds(work: () => Promise<void>): Promise<void> {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) =>
    new URL(input instanceof Request ? input.url : input).pathname.includes('/void_refund/')
      ? Response.json({ message: 'Insufficient balance' }, { status: 400 })
      : original(input, init)
  try {
    await work()
  } finally {
    globalThis.fetch = original
  }
}
