import type { Deps, FullScope } from '../../../src/deps.ts'
import { withReplacedKey } from '../../another-account.ts'
import { startHandWorker, type HandWorker } from '../../faults/hand-worker.ts'
import { stripeClient } from '../../stripe.ts'
import type { TestApp } from '../../test-app.ts'
import { openStage, type Stage } from '../recording.ts'

/** What support can use at Stripe besides the plans. */
export interface Shelf {
  /** Monthly prices that belong to no plan. */
  readonly addOns: readonly string[]
  /** Coupons: a percentage for ever, another for three months, an amount off once. */
  readonly coupons: readonly [string, string, once: string]
  /** The webhook endpoint of the server. */
  readonly endpoint: string
}

/** The product, run with one of its Stripe account's secret keys. */
export interface Product {
  readonly deps: Deps
  readonly worker: HandWorker
  readonly as: TestApp['as']
  scope(): FullScope
}

/** Everything that the cases of a test share. */
export interface Shop extends AsyncDisposable {
  readonly stage: Stage
  readonly shelf: Shelf
  /** With the first secret key, and with the one that replaces it. */
  readonly products: readonly [Product, Product]
}

export async function openShop(): Promise<Shop> {
  await using stack = new AsyncDisposableStack()
  const stage = stack.use(await openStage())
  const { app, database, worker } = stage.faulty
  const replaced = stack.use(await withReplacedKey(app))
  const first: Product = { deps: app.deps, worker, as: app.as, scope: app.scope }
  const { deps, as, scope } = replaced
  const second: Product = { deps, as, scope, worker: stack.use(await startHandWorker(deps, database)) }
  const shelf = await fillShelf(app)
  const running = stack.move()
  return { stage, shelf, products: [first, second], [Symbol.asyncDispose]: () => running.disposeAsync() }
}

async function fillShelf(app: TestApp): Promise<Shelf> {
  const stripe = stripeClient(app)
  const { id: product } = await stripe.products.create({ name: 'Add-on' })
  const addOn = async (unit_amount: number) => {
    const recurring = { interval: 'month' } as const
    return (await stripe.prices.create({ product, currency: 'usd', unit_amount, recurring })).id
  }
  const [forever, repeating, once] = await Promise.all([
    stripe.coupons.create({ percent_off: 20, duration: 'forever' }),
    stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 3 }),
    stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' }),
  ])
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  return {
    addOns: [await addOn(700), await addOn(2_500)],
    coupons: [forever.id, repeating.id, once.id],
    endpoint: endpoint?.id ?? '',
  }
}
