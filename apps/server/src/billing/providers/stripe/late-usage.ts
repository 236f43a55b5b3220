import type Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import type { LateUsage } from '../payment-provider.ts'
import { createOnce } from './keys.ts'
import { idOf } from './objects.ts'

/** Names our report on the invoice item, so that it is found after Stripe has forgotten the key. */
const REPORT = 'overage_report'
/** Names the price that the units have. Stripe takes no metered price for an invoice item. */
const PRICE = 'overage_price'

/**
 * Bills units on the next invoice of a subscription, as an invoice item at the price of the one that used them.
 *
 * @see https://docs.stripe.com/api/invoiceitems/create
 */
export async function billOnce(stripe: Stripe, usage: LateUsage): Promise<void> {
  const find = async () => findItem(stripe, usage)
  if (usage.mayExist && (await find()) !== null) return
  const item = await itemOf(stripe, usage)
  await createOnce({
    key: `late-usage:${usage.key}`,
    make: async (idempotencyKey) => (await stripe.invoiceItems.create(item, { idempotencyKey })).id,
    find,
  })
}

async function itemOf(stripe: Stripe, usage: LateUsage): Promise<Stripe.InvoiceItemCreateParams> {
  const { key, customerId: customer, subscriptionId: subscription, priceId, units: quantity, from, to } = usage
  const price = await stripe.prices.retrieve(priceId)
  const { currency, unit_amount_decimal: unit, tax_behavior } = price
  const { id: product, name } = await stripe.products.retrieve(idOf(price.product))
  return {
    ...{ customer, subscription, quantity },
    description: `${name}, before the change of plan`,
    price_data: {
      ...{ currency, product, ...(unit && { unit_amount_decimal: unit }) },
      ...(tax_behavior && { tax_behavior }),
    },
    period: { start: Math.floor(from.getTime() / SECOND), end: Math.floor(to.getTime() / SECOND) },
    metadata: { [REPORT]: key, [PRICE]: priceId },
  }
}

async function findItem(stripe: Stripe, { key, customerId: customer }: LateUsage): Promise<string | null> {
  for await (const { id, metadata } of stripe.invoiceItems.list({ customer, limit: 100 }))
    if (metadata?.[REPORT] === key) return id
  return null
}

/** The overage price of an invoice's line, if the line bills units of an earlier subscription. */
export const latePriceOf = ({ metadata }: Stripe.InvoiceLineItem): string | undefined => metadata[PRICE]
