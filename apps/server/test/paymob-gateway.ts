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

/** A call of Paymob's API, as a person there would make it. */
export async function paymobCall(
  { url, apiKey }: Pick<PaymobSandbox, 'url' | 'apiKey'>,
  method: 'POST' | 'PUT',
  path: string,
  change: object = {},
): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const login = await fetch(`${url}/api/auth/tokens`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ api_key: apiKey }) },
  })
  const { token } = (await login.json()) as { token: string }
  const changed = await fetch(`${url}/api/acceptance/${path}`, {
    ...{ method, headers: { ...headers, authorization: `Bearer ${token}` }, body: JSON.stringify(change) },
  })
  if (!changed.ok) throw new Error(`The sandbox answered ${changed.status}: ${await changed.text()}`)
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

/**
 * Paymob refuses to void and to refund a payment, as it does without enough balance.
 *
 * @param paymentId null: every payment.
 */
export async function refusingRefunds<T>(paymentId: string | null, work: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const { body } = init ?? {}
    const isIt = paymentId === null || (typeof body === 'string' && body.includes(`"transaction_id":${paymentId}`))
    if (!pathname.includes('/void_refund/') || !isIt) return original(input, init)
    return Response.json({ message: 'Insufficient balance' }, { status: 400 })
  }
  try {
    return await work()
  } finally {
    globalThis.fetch = original
  }
}

/** Holds back the first call of a path until it is released, or its caller gives it up. */
export function delayingFirst(path: string): { isOnItsWay: Promise<void>; release: () => void } {
  const original = globalThis.fetch
  const begun = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (pathname.includes(path)) {
      globalThis.fetch = original
      begun.resolve()
      init?.signal?.addEventListener('abort', () => released.resolve())
      await released.promise
    }
    return original(input, init)
  }
  return { isOnItsWay: begun.promise, release: released.resolve }
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
