import { z } from 'zod'
import { SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'

export const AmountPartsView = z.object({
  subtotalCents: z.int().describe('Before discounts, and before taxes that the prices do not include.'),
  discountCents: z.int(),
  taxCents: z.int().describe('All taxes, whether the prices include them or not.'),
})

export const PaymentView = z
  .object({
    id: z.uuid(),
    accountId: z.uuid(),
    subscriptionId: z.uuid().nullable(),
    provider: z.enum(SUBSCRIPTION_PROVIDERS),
    providerInvoiceId: z.string(),
    amountCents: z.int().describe('What is to be paid, in the smallest unit of the currency.'),
    subtotalCents: z.int().nullable().describe('Before discounts, and before taxes that the prices do not include.'),
    discountCents: z.int().nullable().describe('What discounts took off the subtotal.'),
    taxCents: z.int().nullable().describe('All taxes, whether the prices include them or not.'),
    refundedCents: z.int(),
    currency: z.string(),
    status: z.enum([
      'pending',
      'requires_action',
      'succeeded',
      'failed',
      'canceled',
      'uncollectible',
      'partially_refunded',
      'refunded',
      'disputed',
    ]),
    planName: z.string().nullable().describe('The plan that the invoice charges for, as it was called then.'),
    invoiceUrl: z.string().nullable(),
    invoicePdfUrl: z.string().nullable().describe('Where the provider has the invoice as a PDF.'),
    invoiceNumber: z.string().nullable().describe('What the customer sees as the number of the invoice.'),
    createdAt: z.date(),
  })
  .meta({ id: 'Payment', description: 'One invoice and the state of its payment.' })
export type PaymentView = z.infer<typeof PaymentView>

export const PaymentPage = z.object({ items: z.array(PaymentView), nextCursor: z.string().nullable() })

export const PaymentExport = z.object({ filename: z.string(), csv: z.string() })
export type PaymentExport = z.infer<typeof PaymentExport>
