import { z } from 'zod'

/** Paymob's ids are numbers. Ours are texts. */
const id = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String)
const cents = z.int().min(0)
/** `2026-01-14`, possibly with a time, which is left out. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((text) => text.slice(0, 10))
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

export const PlanAnswer = z.object({
  id,
  name: z.string(),
  /** In days. */
  frequency: z.int().min(1),
  amount_cents: cents,
  is_active: z.boolean().default(true),
})
export type PaymobPlan = z.infer<typeof PlanAnswer>

export const SubscriptionAnswer = z.object({
  id,
  plan_id: id,
  state: z.string(),
  frequency: z.int().min(1),
  amount_cents: cents,
  starts_at: date,
  next_billing: date.nullish().transform((value) => value ?? null),
  ends_at: date.nullish().transform((value) => value ?? null),
  retrial_days: z
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? null),
  webhook_url: text,
  initial_transaction: id,
  updated_at: text,
  created_at: text,
  client_info: z.object({ email: text, full_name: text, phone_number: text }).nullish(),
})
export type PaymobSubscription = z.infer<typeof SubscriptionAnswer>

const order = z.union([
  id.transform((orderId) => ({ id: orderId, merchant_order_id: null })),
  z.object({ id, merchant_order_id: text }),
])

export const TransactionAnswer = z.object({
  id,
  success: z.boolean(),
  pending: z.boolean(),
  amount_cents: cents,
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/)
    .transform((code) => code.toLowerCase()),
  /** Local time. It is signed as sent, so it stays a text. */
  created_at: z.string().min(1),
  order,
  is_voided: z.boolean().default(false),
  is_refunded: z.boolean().default(false),
  refunded_amount_cents: cents.nullish().transform((value) => value ?? 0),
  integration_id: id.nullish().transform((value) => value ?? null),
  is_3d_secure: z.boolean().nullish().catch(null),
  /** The last digits of the card, as `pan`. */
  source_data: z.object({ pan: text }).nullish().catch(null),
  /** Set for a refund, a void, or a capture: the payment that it belongs to. */
  parent_transaction: id.nullish().transform((value) => value ?? null),
})
export type PaymobTransaction = z.infer<typeof TransactionAnswer>

export const CardAnswer = z.object({
  id,
  token: z.string().min(1),
  masked_pan: z.string(),
  is_primary: z.boolean(),
})
export type PaymobCard = z.infer<typeof CardAnswer>

export const IntentionAnswer = z.object({
  client_secret: z.string().min(1),
  payment_keys: z.array(z.object({ key: z.string().min(1) })).default([]),
})

/** A list in pages, or in one piece. */
export const listOf = <T>(item: z.ZodType<T>): z.ZodType<{ results: T[]; next?: unknown }> =>
  z.union([
    z.object({ results: z.array(item), next: z.unknown().optional() }),
    z.array(item).transform((results) => ({ results, next: null })),
  ])

/** For calls whose answer is not believed, because the object is fetched afterwards. */
export const Anything = z.unknown()
