import { z } from 'zod'

/** The terms of a feature's use above its limit, as they hold for a subscription. */
const OverageTerms = z.object({
  /** The row of the price that the subscription has. */
  priceId: z.uuid(),
  /** What is included. */
  limit: z.int(),
  /** Since when the terms hold, in billing time, and the start of the billing period in which that was. */
  since: z.iso.datetime(),
  periodStart: z.iso.datetime(),
  /** How much had been used in that period by then. It counts as included. */
  usedBefore: z.int(),
})
export type OverageTerms = z.infer<typeof OverageTerms>

/** By the feature's name. */
export type SubscriptionOverage = Readonly<Record<string, OverageTerms>>

export const NextPayment = z
  .object({
    at: z.date(),
    amountCents: z.int().describe('With discounts and taxes, less the balance.'),
    currency: z.string(),
    overage: z
      .array(z.object({ feature: z.string(), units: z.int(), amountCents: z.int() }))
      .describe('What was used above limits so far. It is part of `amountCents`.'),
  })
  .meta({ id: 'NextPayment', description: 'What the next regular payment is, as of now.' })
export type NextPayment = z.infer<typeof NextPayment>
