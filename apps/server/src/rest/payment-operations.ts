import {
  CheckoutNotFound,
  NoCustomer,
  NoSubscription,
  PaymentProviderError,
  ProviderUnsupported,
} from '../billing/billing.errors.ts'
import { CardInUse, CardNotFound } from '../billing/card.errors.ts'
import { PlanRequired } from '../billing/feature.errors.ts'
import { PayLinkExpired, PayLinkInvalid } from '../billing/recovery.errors.ts'
import { AccountDisabled } from '../platform/errors/errors.ts'
import { Busy } from '../platform/limits/limits.errors.ts'
import { PAYMENT } from './examples.ts'
import type { Operation } from './operation.ts'

const CARD = { id: 'card_71', brand: 'visa', last4: '4242', isPrimary: true }
const SECOND_CARD = { id: 'card_72', brand: 'mastercard', last4: '4444', isPrimary: false }
const CARDS = { items: [CARD, SECOND_CARD], retriesAt: null }
const CARD_PAGE = {
  url: 'https://accept.paymob.com/unifiedcheckout/?publicKey=pk',
  sessionId: 'intention.5a6b7c8d',
  paysOverdue: false,
}

const DETAILS = {
  name: 'Analytical Engines Ltd',
  address: {
    ...{ line1: '12 St James’s Square', line2: null, city: 'London', postalCode: 'SW1Y 4LB', state: null },
    country: 'GB',
  },
  taxIds: [{ type: 'gb_vat', value: 'GB123456789', status: 'verified' }],
}

const CARD_ERRORS = [NoSubscription, ProviderUnsupported, PaymentProviderError]

/** How an account pays, and who its invoices are made out to. */
export const paymentOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/billing/payments/export',
    procedure: 'billing.payments.export',
    tag: 'Payments',
    summary: 'All payments as a CSV file',
    description: 'The answer is JSON: `csv` is the content of the file. Requires a plan of the tier `pro`.',
    errors: [PlanRequired],
    example: {
      output: {
        filename: 'payments-2026-11-20.csv',
        csv: `date,invoice,status,amount\r\n${PAYMENT.createdAt},${PAYMENT.providerInvoiceId},succeeded,19.00\r\n`,
      },
    },
  },
  {
    method: 'post',
    path: '/billing/pay-link',
    procedure: 'billing.payLink',
    tag: 'Payments',
    summary: 'Where a link of a mail about a failed renewal leads',
    description:
      'No login is needed: the token identifies one invoice. `GET /billing/pay?token=` is the same as a page for people.',
    errors: [PayLinkInvalid, PayLinkExpired, ProviderUnsupported, PaymentProviderError],
    example: {
      input: { token: 'q7Zt2mXcR4vK9sLpW1yB6nHdF3gJ8aTeU5iOoPzQxAb' },
      output: { state: 'open', url: PAYMENT.invoiceUrl, needsCard: false, paysNow: true },
    },
  },
  {
    method: 'post',
    path: '/billing/pay-result',
    procedure: 'billing.payResult',
    tag: 'Payments',
    summary: 'What became of the card page that a payment link opened',
    description:
      'No login is needed: the page’s random id identifies it. `GET /billing/pay/return` is the same as a page for people.',
    errors: [PayLinkInvalid, ProviderUnsupported, PaymentProviderError],
    example: {
      input: { sessionId: 'cd.0198c5f270aa7b108c551d2e3f405162.1264.5501.t3x0q8' },
      output: { state: 'open', isCardAdded: true, retriesAt: PAYMENT.createdAt },
    },
  },
  {
    method: 'post',
    path: '/billing/portal',
    procedure: 'billing.portal',
    tag: 'Payments',
    summary: 'Open the customer portal',
    description: 'Send the browser to `url`.',
    errors: [NoCustomer, ProviderUnsupported, PaymentProviderError],
    example: { output: { url: 'https://billing.stripe.com/p/session/test_1a2b3c4d' } },
  },
  {
    method: 'get',
    path: '/billing/payment-method',
    procedure: 'billing.paymentMethod',
    tag: 'Payments',
    summary: 'What the next payment will be charged to',
    description: '`null` if nothing is on file. It asks the payment provider, for at most 3 seconds.',
    errors: [PaymentProviderError],
    example: { output: { type: 'card', brand: 'visa', last4: '4242', expMonth: 4, expYear: 2030 } },
  },
  {
    method: 'get',
    path: '/billing/details',
    procedure: 'billing.details.get',
    tag: 'Payments',
    summary: 'Who invoices are made out to',
    description: 'It asks the payment provider, for at most 3 seconds.',
    errors: [ProviderUnsupported, PaymentProviderError],
    example: { output: DETAILS },
  },
  {
    method: 'patch',
    path: '/billing/details',
    procedure: 'billing.details.update',
    tag: 'Payments',
    summary: 'Change who invoices are made out to',
    description: 'Fields that are not sent stay as they are.',
    errors: [ProviderUnsupported, PaymentProviderError, Busy],
    example: {
      input: { name: DETAILS.name, address: DETAILS.address, taxIds: [{ type: 'gb_vat', value: 'GB123456789' }] },
      output: DETAILS,
    },
  },
  {
    method: 'get',
    path: '/billing/cards',
    procedure: 'billing.cards.list',
    tag: 'Payments',
    summary: 'The cards on file',
    description:
      'The calls about cards are for a subscription whose `cardManagement` is `cards`. For others, open the portal.',
    errors: CARD_ERRORS,
    example: { output: CARDS },
  },
  {
    method: 'post',
    path: '/billing/cards',
    procedure: 'billing.cards.add',
    tag: 'Payments',
    summary: 'Open a page to add a card',
    description:
      'Send the browser to `url`. Afterwards, send `sessionId` to `POST /billing/cards/sync`. With `paysOverdue`, the page takes an overdue amount that Paymob has given up.',
    errors: [...CARD_ERRORS, AccountDisabled],
    example: { output: CARD_PAGE },
  },
  {
    method: 'post',
    path: '/billing/cards/sync',
    procedure: 'billing.cards.sync',
    tag: 'Payments',
    summary: 'Add the card that was entered on the page',
    description: '`state` is `open` until the page is done.',
    errors: [...CARD_ERRORS, CheckoutNotFound, Busy],
    example: { input: { sessionId: CARD_PAGE.sessionId }, output: { state: 'added', ...CARDS } },
  },
  {
    method: 'post',
    path: '/billing/cards/{cardId}/make-primary',
    procedure: 'billing.cards.makePrimary',
    tag: 'Payments',
    summary: 'Charge the subscription to this card',
    errors: [...CARD_ERRORS, CardNotFound, Busy],
    example: { input: { cardId: CARD.id }, output: CARDS },
  },
  {
    method: 'delete',
    path: '/billing/cards/{cardId}',
    status: 204,
    procedure: 'billing.cards.remove',
    tag: 'Payments',
    summary: 'Remove a card',
    description: 'The card that the subscription is charged to can’t be removed.',
    errors: [...CARD_ERRORS, CardNotFound, CardInUse, Busy],
    example: { input: { cardId: SECOND_CARD.id }, output: CARDS },
  },
]
