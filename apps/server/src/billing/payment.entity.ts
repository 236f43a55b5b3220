import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'
import { SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'
import { Subscription } from './subscription.entity.ts'

/** One invoice and the state of its payment. A payment that fails and later succeeds is one row. */
const PaymentSchema = defineEntity({
  name: 'Payment',
  tableName: 'payments',
  uniques: [{ name: 'payments_invoice_unique', properties: ['provider', 'providerInvoiceId'] }],
  indexes: [
    { name: 'payments_account', properties: ['account', 'createdAt', 'id'] },
    { name: 'payments_user', properties: ['formerUser', 'createdAt', 'id'] },
    { name: 'payments_newest', properties: ['createdAt', 'id'] },
    // The operators' list: what did not simply succeed, what was refunded, and the largest amounts of a currency.
    {
      name: 'payments_by_status',
      properties: ['status', 'createdAt', 'id'],
      where: { status: { $ne: 'succeeded' } },
    },
    { name: 'payments_refunded', properties: ['createdAt', 'id'], where: { refundedCents: { $gt: 0 } } },
    { name: 'payments_by_amount', properties: ['currency', 'amountCents'] },
    // A few rows among very many: payments whose outcome is still open.
    { name: 'payments_open', properties: ['id'], where: { status: { $in: ['pending', 'requires_action'] } } },
    // All columns of the figures by day, so the table itself is not read.
    { name: 'payments_by_day', properties: ['createdAt', 'currency', 'status', 'amountCents', 'refundedCents'] },
    {
      name: 'payments_invoice_number',
      expression: `create index "payments_invoice_number" on "payments" (upper("invoice_number")) where "invoice_number" is not null;`,
    },
    { name: 'payments_recovered', properties: ['recoveredAt', 'id'], where: { recoveredAt: { $ne: null } } },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    /** The previous version's column: the user of a personal account. A trigger fills it in. */
    formerUser: () => p.manyToOne(User).ref().nullable().deleteRule('cascade').fieldName('user_id').lazy().hidden(),
    subscription: () => p.manyToOne(Subscription).ref().nullable().deleteRule('set null'),
    provider: p.enum(SUBSCRIPTION_PROVIDERS),
    providerInvoiceId: p.string().length(255),
    providerPaymentId: p.string().length(255).nullable().index('payments_provider_payment'),
    amountCents: p.bigint('number').fieldName('amount'),
    refundedCents: p.bigint('number').fieldName('refunded'),
    /** What the invoice is made of; null in rows of older versions. See `AmountParts`. */
    subtotalCents: p.bigint('number').fieldName('subtotal').nullable(),
    discountCents: p.bigint('number').fieldName('discount').nullable(),
    taxCents: p.bigint('number').fieldName('tax').nullable(),
    /** The previous version's columns, of 32 bits. A trigger keeps them the same as far as it can. */
    narrowAmount: p.integer().fieldName('amount_cents').defaultRaw('0').lazy().hidden(),
    narrowRefunded: p.integer().fieldName('refunded_cents').defaultRaw('0').lazy().hidden(),
    currency: p.string().length(3),
    status: p.enum([
      'pending',
      'requires_action',
      'succeeded',
      'failed',
      'canceled',
      'uncollectible',
      'partially_refunded',
      'refunded',
      'disputed',
    ] as const),
    /** The plan that the invoice charges for, as it was called then. */
    planName: p.string().length(100).nullable(),
    invoiceUrl: p.text().nullable(),
    invoicePdfUrl: p.text().nullable(),
    /** What the customer sees as the invoice's number. */
    invoiceNumber: p.string().length(255).nullable(),
    /** When a payment that had failed was paid after all, in billing time. */
    recoveredAt: p.datetime(6).nullable(),
    /** When the provider created the invoice. */
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p
      .datetime(6)
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
})

export class Payment extends PaymentSchema.class {
  /** Whether a refund is possible: the payment was paid, is not disputed, and is not refunded in full. */
  isRefundable(): boolean {
    const isPaid = this.status === 'succeeded' || this.status === 'partially_refunded'
    return isPaid && this.provider !== 'manual' && !!this.providerPaymentId && this.refundedCents < this.amountCents
  }
}
PaymentSchema.setClass(Payment)
