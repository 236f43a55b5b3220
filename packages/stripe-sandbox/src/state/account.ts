import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'
import { wallNow } from '../time.ts'
import { Journal } from './journal.ts'
import type { CreditGrantRow, CreditTransactionRow } from './rows/billing-credit.ts'
import type { CardTokenRow } from './rows/card-token.ts'
import type { PriceRow, ProductRow } from './rows/catalogue.ts'
import type { CheckoutSessionRow, PortalConfigurationRow, PortalSessionRow } from './rows/checkout.ts'
import type { ClockOffsetRow, IdempotencyRow, TestClockRow } from './rows/clock.ts'
import type { ConfirmationTokenRow } from './rows/confirmation-token.ts'
import type { CreditNoteRow } from './rows/credit-note.ts'
import type { CustomerSessionRow } from './rows/customer-session.ts'
import type { BalanceTransactionRow, CustomerRow, PaymentMethodRow } from './rows/customer.ts'
import type { CouponRow, DiscountRow, PromotionCodeRow } from './rows/discount.ts'
import type { EchoRow } from './rows/echo.ts'
import type { EntitlementRow, FeatureRow, ProductFeatureRow } from './rows/entitlement.ts'
import type { InvoiceItemRow, InvoicePaymentRow, InvoiceRow } from './rows/invoice.ts'
import type { MeterEventRow, MeterRow } from './rows/metering.ts'
import type { PaymentLinkRow } from './rows/payment-link.ts'
import type {
  ChargeRow,
  DisputeRow,
  LedgerEntryRow,
  PaymentIntentRow,
  RefundRow,
  SetupIntentRow,
} from './rows/payment.ts'
import type { SecretKeyRow } from './rows/secret-key.ts'
import type { ShippingRateRow } from './rows/shipping.ts'
import type { ScheduleRow, SubscriptionRow } from './rows/subscription.ts'
import type { TaxCalculationRow, TaxTransactionRow } from './rows/tax-calculation.ts'
import type { TaxIdRow, TaxLocationRow, TaxRateRow, TaxRegistrationRow, TaxSettingsRow } from './rows/tax.ts'
import type { DeliveryRow, EventRow, WebhookEndpointRow } from './rows/webhook.ts'
import type { Storable } from './state-file.ts'
import { Table } from './table.ts'

/** The API request being handled, as events name it. Both are null for automatic changes. */
export interface CurrentRequest {
  readonly id: string | null
  readonly idempotency_key: string | null
}

/** One Stripe account: all its objects, and its clocks. */
export class Account {
  /** `acct_…`. */
  id: string
  readonly journal = new Journal()

  readonly products = new Table<ProductRow>('products', this.journal)
  readonly prices = new Table<PriceRow, 'product'>('prices', this.journal, { product: (row) => row.product })
  readonly shippingRates = new Table<ShippingRateRow>('shipping_rates', this.journal)
  readonly coupons = new Table<CouponRow>('coupons', this.journal)
  readonly promotionCodes = new Table<PromotionCodeRow>('promotion_codes', this.journal)
  readonly discounts = new Table<DiscountRow>('discounts', this.journal)
  readonly creditNotes = new Table<CreditNoteRow, 'invoice'>('credit_notes', this.journal, {
    invoice: (row) => row.invoice,
  })
  readonly taxRates = new Table<TaxRateRow>('tax_rates', this.journal)
  readonly taxIds = new Table<TaxIdRow, 'customer'>('tax_ids', this.journal, { customer: (row) => row.customer })
  readonly taxLocations = new Table<TaxLocationRow>('tax_locations', this.journal)
  readonly taxSettings = new Table<TaxSettingsRow>('tax_settings', this.journal)
  readonly taxRegistrations = new Table<TaxRegistrationRow>('tax_registrations', this.journal)
  readonly features = new Table<FeatureRow>('features', this.journal)
  readonly productFeatures = new Table<ProductFeatureRow, 'product'>('product_features', this.journal, {
    product: (row) => row.product,
  })
  readonly entitlements = new Table<EntitlementRow, 'customer'>('entitlements', this.journal, {
    customer: (row) => row.customer,
  })
  readonly meters = new Table<MeterRow>('meters', this.journal)
  readonly meterEvents = new Table<MeterEventRow, 'identifier' | 'subject'>('meter_events', this.journal, {
    identifier: (row) => row.identifier,
    subject: ({ subject }) => subject && `${subject.meter}/${subject.customer}`,
  })
  readonly creditGrants = new Table<CreditGrantRow, 'customer'>('credit_grants', this.journal, {
    customer: (row) => row.customer,
  })
  readonly creditTransactions = new Table<CreditTransactionRow, 'credit_grant'>(
    'credit_balance_transactions',
    this.journal,
    { credit_grant: (row) => row.credit_grant },
  )
  readonly customers = new Table<CustomerRow, 'test_clock'>('customers', this.journal, {
    test_clock: (row) => row.test_clock,
  })
  readonly balanceTransactions = new Table<BalanceTransactionRow, 'customer'>(
    'customer_balance_transactions',
    this.journal,
    { customer: (row) => row.customer },
  )
  readonly customerSessions = new Table<CustomerSessionRow, 'client_secret'>('customer_sessions', this.journal, {
    client_secret: (row) => row.client_secret,
  })
  readonly cardTokens = new Table<CardTokenRow>('card_tokens', this.journal)
  readonly confirmationTokens = new Table<ConfirmationTokenRow>('confirmation_tokens', this.journal)
  readonly paymentMethods = new Table<PaymentMethodRow, 'customer'>('payment_methods', this.journal, {
    customer: (row) => row.customer,
  })
  readonly subscriptions = new Table<SubscriptionRow, 'customer'>('subscriptions', this.journal, {
    customer: (row) => row.customer,
  })
  readonly schedules = new Table<ScheduleRow, 'customer'>('subscription_schedules', this.journal, {
    customer: (row) => row.customer,
  })
  readonly invoices = new Table<InvoiceRow, 'customer' | 'subscription'>('invoices', this.journal, {
    customer: (row) => row.customer,
    subscription: (row) => row.subscription,
  })
  readonly invoiceItems = new Table<InvoiceItemRow, 'customer'>('invoice_items', this.journal, {
    customer: (row) => row.customer,
  })
  readonly invoicePayments = new Table<InvoicePaymentRow, 'invoice' | 'payment_intent'>(
    'invoice_payments',
    this.journal,
    {
      invoice: (row) => row.invoice,
      payment_intent: (row) => row.payment_intent,
    },
  )
  readonly paymentIntents = new Table<PaymentIntentRow, 'customer'>('payment_intents', this.journal, {
    customer: (row) => row.customer,
  })
  readonly setupIntents = new Table<SetupIntentRow>('setup_intents', this.journal)
  readonly charges = new Table<ChargeRow, 'customer' | 'payment_intent'>('charges', this.journal, {
    customer: (row) => row.customer,
    payment_intent: (row) => row.payment_intent,
  })
  readonly refunds = new Table<RefundRow, 'charge'>('refunds', this.journal, { charge: (row) => row.charge })
  readonly disputes = new Table<DisputeRow, 'charge'>('disputes', this.journal, { charge: (row) => row.charge })
  readonly ledger = new Table<LedgerEntryRow>('balance_transactions', this.journal)
  readonly checkoutSessions = new Table<CheckoutSessionRow>('checkout_sessions', this.journal)
  readonly paymentLinks = new Table<PaymentLinkRow, 'token'>('payment_links', this.journal, {
    token: (row) => row.token,
  })
  readonly portalSessions = new Table<PortalSessionRow>('portal_sessions', this.journal)
  readonly portalConfigurations = new Table<PortalConfigurationRow>('portal_configurations', this.journal)
  readonly webhookEndpoints = new Table<WebhookEndpointRow>('webhook_endpoints', this.journal)
  readonly events = new Table<EventRow>('events', this.journal)
  readonly deliveries = new Table<DeliveryRow, 'eventId'>('deliveries', this.journal, { eventId: (row) => row.eventId })
  readonly testClocks = new Table<TestClockRow>('test_clocks', this.journal)
  readonly clockOffset = new Table<ClockOffsetRow>('clock', this.journal)
  readonly echoes = new Table<EchoRow>('echoes', this.journal)
  readonly idempotencyKeys = new Table<IdempotencyRow>('idempotency_keys', this.journal)
  /** The secret keys of all accounts; only the first account has rows here. */
  readonly secretKeys = new Table<SecretKeyRow>('secret_keys', this.journal)
  readonly taxCalculations = new Table<TaxCalculationRow>('tax_calculations', this.journal)
  readonly taxTransactions = new Table<TaxTransactionRow>('tax_transactions', this.journal)

  settings: Settings = DEFAULT_SETTINGS
  /** Whether changes are only tried out, so that invoices stay drafts. */
  isPreviewing = false
  request: CurrentRequest = { id: null, idempotency_key: null }
  /** The base URL of hosted pages, without a trailing slash. */
  publicUrl = ''

  /** While the sandbox's clock is advancing, the time of the current job. */
  #working: number | null = null

  constructor(id = '') {
    this.id = id
  }

  /** Whether one of its objects has this id, or one of its portal sessions this token. */
  knows(name: string): boolean {
    return (
      this.tables().some((table) => table.has(name)) ||
      [...this.portalSessions.all(), ...this.portalConfigurations.all()].some(({ token }) => token === name) ||
      this.checkoutSessions.all().some(({ recovery }) => recovery?.token === name)
    )
  }

  /** The tables to keep in a state file. */
  tables(): Storable[] {
    return Object.values(this).filter((value): value is Storable => value instanceof Table)
  }

  /** The sandbox's own time, in seconds. Customers without a test clock use it. */
  now(): number {
    return this.#working ?? wallNow() + this.offset
  }

  /** How far the sandbox's clock is ahead of the wall clock, in seconds. */
  get offset(): number {
    return this.clockOffset.find('offset')?.seconds ?? 0
  }

  /** Runs `work` with the sandbox's clock set to `time`. */
  at<T>(time: number, work: () => T): T {
    const before = this.#working
    this.#working = time
    try {
      return work()
    } finally {
      this.#working = before
    }
  }

  /** The customer's current time: from their test clock, or from the sandbox's clock if they have none. */
  nowOf(customer: string | null): number {
    const clock = customer === null ? null : this.customers.find(customer)?.test_clock
    return (clock && this.testClocks.find(clock)?.frozen_time) || this.now()
  }
}
