import { z } from 'zod'
import { moment, revision } from '../platform/values.schemas.ts'
import { ChangeInput, PageInput, planCode, SubscribeInput } from './billing.schemas.ts'
import { DEFAULT_PROVIDER, DISCOUNT_DURATIONS, PROVIDERS } from './provider.schemas.ts'

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()))

/** What a person types in. Stripe takes letters, digits and dashes, and ignores case. */
const promotionCode = z
  .string()
  .trim()
  .regex(/^[\dA-Za-z-]{1,64}$/, 'must be 1 to 64 characters: letters, digits and -')

/** What is bought on a checkout page, or by a change of plan. */
export const PurchaseInput = SubscribeInput.extend({ promotionCode: promotionCode.optional() })
export type PurchaseInput = z.infer<typeof PurchaseInput>

export const PurchaseChangeInput = ChangeInput.extend({ promotionCode: promotionCode.optional() })

const cents = z.int().min(1, 'must be at least 1').max(99_999_999, 'must be at most 99999999')

export const CreateDiscountInput = z
  .object({
    name: z
      .string()
      .trim()
      .min(1, 'is missing')
      .max(40, 'must be at most 40 characters long')
      .regex(/^\P{Cc}*$/u, 'must not contain control characters')
      .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')
      .describe('What the customer sees on invoices.'),
    percentOff: z
      .number()
      .gt(0, 'must be more than 0')
      .max(100, 'must be at most 100')
      .refine((percent) => Number(percent.toFixed(2)) === percent, 'must have at most two decimals')
      .optional(),
    amountOff: cents.optional().describe('Taken off each invoice, in the smallest unit of `currency`.'),
    currency: z
      .string()
      .refine((code) => CURRENCIES.has(code), 'must be a lower-case ISO 4217 code such as usd')
      .optional(),
    duration: z.enum(DISCOUNT_DURATIONS, 'must be once, repeating, or forever'),
    months: z.int().min(1, 'must be at least 1').max(120, 'must be at most 120').optional(),
    code: promotionCode.optional(),
    maxRedemptions: z.int().min(1, 'must be at least 1').max(1_000_000, 'must be at most 1000000').optional(),
    expiresAt: moment.optional(),
    plans: z.array(planCode).min(1, 'must have at least one plan').max(100, 'must have at most 100 plans').optional(),
    firstTimeOnly: z.boolean().default(false).describe('Only customers who have paid nothing before can redeem it.'),
    minimumAmount: cents.optional().describe('Minimum amount of the purchase, in the smallest unit of `currency`.'),
    provider: z.enum(PROVIDERS, `must be one of ${PROVIDERS.join(', ')}`).default(DEFAULT_PROVIDER),
  })
  .superRefine((input, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const { percentOff, amountOff, currency, duration, months, code, minimumAmount, firstTimeOnly } = input
    if ((percentOff === undefined) === (amountOff === undefined))
      refuse('percentOff', 'must be given, or else amountOff, and not both')
    const hasAmount = amountOff !== undefined || minimumAmount !== undefined
    if (hasAmount && currency === undefined) refuse('currency', 'is missing')
    if (!hasAmount && currency !== undefined) refuse('currency', 'is only for amountOff and minimumAmount')
    if (duration === 'repeating' && months === undefined) refuse('months', 'is missing')
    if (duration !== 'repeating' && months !== undefined) refuse('months', 'is only for repeating')
    if (code === undefined && firstTimeOnly) refuse('firstTimeOnly', 'is only for a discount with a code')
    if (code === undefined && minimumAmount !== undefined) refuse('minimumAmount', 'is only for a discount with a code')
  })
export type CreateDiscountInput = z.infer<typeof CreateDiscountInput>

export const ListDiscountsInput = PageInput.extend({ status: z.enum(['active', 'ended']).optional() })
export type ListDiscountsInput = z.infer<typeof ListDiscountsInput>

export const DiscountView = z
  .object({
    id: z.uuid(),
    provider: z.enum(PROVIDERS),
    name: z.string(),
    percentOff: z.number().nullable(),
    amountOff: z.int().nullable(),
    currency: z.string().nullable(),
    duration: z.enum(DISCOUNT_DURATIONS),
    months: z.int().nullable(),
    code: z.string().nullable(),
    maxRedemptions: z.int().nullable(),
    expiresAt: z.date().nullable(),
    plans: z.array(z.string()).nullable(),
    firstTimeOnly: z.boolean(),
    minimumAmount: z.int().nullable(),
    status: z.enum(['active', 'ended']).describe('`ended`: an admin has ended it. What runs goes on.'),
    redemptions: z.int().nullable().describe('How often it was redeemed; null if the provider does not answer.'),
    createdAt: z.date(),
    endedAt: z.date().nullable(),
  })
  .meta({ id: 'Discount', description: 'A discount that operators give, or people redeem with its code.' })
export type DiscountView = z.infer<typeof DiscountView>
export const DiscountPage = z.object({ items: z.array(DiscountView), nextCursor: z.string().nullable() })

export const EndDiscountInput = z.object({ id: z.uuid('must be an id').toLowerCase() })
export type EndDiscountInput = z.infer<typeof EndDiscountInput>

export const ApplyDiscountInput = z.object({
  /** Of the subscription. */
  id: z.uuid('must be an id').toLowerCase(),
  discountId: z.uuid('must be an id').toLowerCase(),
  /** Of the discounts that the caller has seen running. */
  revision: revision.optional(),
})
export type ApplyDiscountInput = z.infer<typeof ApplyDiscountInput>
