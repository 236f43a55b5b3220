import { AccountNotOpen } from '../accounts/accounts.errors.ts'
import {
  AlreadyCanceling,
  CheckoutNotFound,
  CurrencyMismatch,
  NoSubscription,
  PaymentDue,
  PaymentMethodRequired,
  PaymentProviderError,
  PlanNotFound,
  ProviderUnsupported,
  SamePlan,
  SubscriptionPaused,
  TooManyMembers,
} from '../billing/billing.errors.ts'
import { CheckoutDenied } from '../billing/checkout.errors.ts'
import { NotASwitch, NoUpcoming, SwitchPending, SwitchTooLate } from '../billing/switch.errors.ts'
import { HookFailed } from '../platform/errors/errors.ts'
import { Busy } from '../platform/limits/limits.errors.ts'
import { ADD_ON_CONFLICT, CHECKOUT, CODE_NOT_VALID, HIGHER_PLAN, SUBSCRIPTION, USER } from './examples.ts'
import type { Operation } from './operation.ts'

const { currentPeriodEnd } = SUBSCRIPTION
const REST_OF_PERIOD = { subtotalCents: 2_000, discountCents: 0, taxCents: 0 }
const FULL_PERIOD = { subtotalCents: 4_900, discountCents: 0, taxCents: 0 }

/** Why a switch to another provider is refused. */
const SWITCH_ERRORS = [
  ...[PlanNotFound, AccountNotOpen, NoSubscription, NotASwitch, SwitchPending, SwitchTooLate],
  ...[SubscriptionPaused, PaymentDue, ProviderUnsupported, TooManyMembers, PaymentProviderError],
]

/** What a change would cost, what follows a checkout, and moving to another provider. */
export const changeOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/billing/subscriptions/preview-change',
    procedure: 'billing.subscriptions.previewChange',
    tag: 'Subscription',
    summary: 'What a move to another plan would cost',
    description:
      'Nothing changes. Pass `prorationDate` to `POST /billing/subscriptions/change` to be charged exactly this amount.',
    errors: [
      ...[AccountNotOpen, NoSubscription, PlanNotFound, SamePlan, AlreadyCanceling, SubscriptionPaused, PaymentDue],
      ...[
        CurrencyMismatch,
        TooManyMembers,
        ProviderUnsupported,
        ADD_ON_CONFLICT,
        PaymentMethodRequired,
        CODE_NOT_VALID,
      ],
      ...[SwitchPending, PaymentProviderError],
    ],
    example: {
      input: { planCode: HIGHER_PLAN.code },
      output: {
        ...{ dueNowCents: 2_000, creditCents: 0, ...REST_OF_PERIOD, currency: 'usd', nextPaymentCents: 4_900 },
        ...{ nextPayment: FULL_PERIOD, nextPaymentAt: currentPeriodEnd },
        ...{ prorationDate: '2026-11-12T10:05:00.000Z', takesEffectAt: '2026-11-12T10:05:00.000Z' },
      },
    },
  },
  {
    method: 'get',
    path: '/billing/subscriptions/next-payment',
    procedure: 'billing.subscriptions.nextPayment',
    tag: 'Subscription',
    summary: 'What the next payment will be',
    description: 'With discounts, taxes, and what was used above limits so far. `null` if no payment is due.',
    errors: [PaymentProviderError],
    example: { output: { at: currentPeriodEnd, amountCents: 1_900, currency: 'usd', overage: [] } },
  },
  {
    method: 'post',
    path: '/billing/subscriptions/sync',
    procedure: 'billing.subscriptions.sync',
    tag: 'Subscription',
    summary: 'Bring the subscription up to date after a checkout',
    description:
      'For the page that the browser returns to: it needn’t wait for the provider’s event. `null` if the session is not paid and there is no subscription.',
    errors: [CheckoutNotFound, ProviderUnsupported, PaymentProviderError, Busy],
    example: { input: { sessionId: CHECKOUT.sessionId }, output: SUBSCRIPTION },
  },
  {
    method: 'get',
    path: '/billing/subscriptions/upcoming',
    procedure: 'billing.subscriptions.upcoming',
    tag: 'Subscription',
    summary: 'The plan of another payment provider that starts when the present one ends',
    description: '`null` if there is none.',
    example: {
      output: {
        ...{ id: '0198c5f3-4c5d-7e6f-8a90-617283940516', accountId: USER.id, provider: 'paymob', plan: HIGHER_PLAN },
        ...{ priceCents: 4_900, quantity: 1, currency: 'usd', billingPeriod: 'monthly' },
        ...{ interval: { unit: 'month', count: 1 }, startsAt: currentPeriodEnd },
      },
    },
  },
  {
    method: 'get',
    path: '/billing/subscriptions/preview-switch',
    procedure: 'billing.subscriptions.previewSwitch',
    tag: 'Subscription',
    summary: 'When a plan of another payment provider would start, and what it would cost',
    errors: SWITCH_ERRORS,
    example: {
      input: { planCode: HIGHER_PLAN.code },
      output: {
        ...{ startsAt: currentPeriodEnd, dueNowCents: 0, cardCheckCents: 100, nextPaymentCents: 4_900 },
        currency: 'usd',
      },
    },
  },
  {
    method: 'post',
    path: '/billing/subscriptions/switch',
    procedure: 'billing.subscriptions.switch',
    tag: 'Subscription',
    summary: 'Move to a plan of another payment provider',
    description: 'Send the browser to `checkoutUrl`. The new plan starts when the paid time of the present one ends.',
    errors: [...SWITCH_ERRORS, CurrencyMismatch, CheckoutDenied, HookFailed, Busy],
    example: { input: { planCode: HIGHER_PLAN.code }, output: CHECKOUT },
  },
  {
    method: 'post',
    path: '/billing/subscriptions/cancel-upcoming',
    procedure: 'billing.subscriptions.cancelUpcoming',
    tag: 'Subscription',
    summary: 'Cancel the plan that starts when the present one ends',
    description:
      'Returns the present subscription, which stays set to cancel until it is resumed. `null` if there is none.',
    errors: [NoUpcoming, PaymentProviderError, Busy],
    example: {
      output: { ...SUBSCRIPTION, cancelAtPeriodEnd: true, cancelAt: currentPeriodEnd, accessReason: 'ending' },
    },
  },
]
