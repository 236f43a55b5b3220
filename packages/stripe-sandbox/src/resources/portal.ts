import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { PortalConfigurationRow, PortalFlow, PortalSessionRow } from '../state/rows/checkout.ts'
import type { Wire } from '../wire.ts'
import { featuresOf } from './portal-features.ts'

export function serializePortalSession(account: Account, row: PortalSessionRow): Wire<Stripe.BillingPortal.Session> {
  const { expires_at: _expires, flow, token, ...shown } = row
  return {
    ...shown,
    object: 'billing_portal.session',
    customer_account: null,
    flow: flow && serializeFlow(flow),
    livemode: false,
    on_behalf_of: null,
    url: `${account.publicUrl}/p/session/${token}`,
  }
}

function serializeFlow({
  type,
  subscription,
  items,
  discounts,
  retention,
  after_completion,
}: PortalFlow): Wire<Stripe.BillingPortal.Session.Flow> {
  const about = subscription ?? ''
  return {
    after_completion: {
      hosted_confirmation: after_completion.type === 'hosted_confirmation' ? { custom_message: null } : null,
      redirect: after_completion.return_url === null ? null : { return_url: after_completion.return_url },
      type: after_completion.type,
    },
    customer_update: type === 'customer_update' ? {} : null,
    subscription_cancel:
      type === 'subscription_cancel'
        ? {
            retention: retention === undefined ? null : { coupon_offer: { coupon: retention }, type: 'coupon_offer' },
            subscription: about,
          }
        : null,
    subscription_pause: type === 'subscription_pause' ? { subscription: about } : null,
    subscription_update: type === 'subscription_update' ? { subscription: about } : null,
    subscription_update_confirm:
      type === 'subscription_update_confirm'
        ? { discounts: discounts ?? null, items: items.map((item) => ({ ...item })), subscription: about }
        : null,
    type,
  }
}

export function serializePortalConfiguration(
  account: Account,
  row: PortalConfigurationRow,
): Wire<Stripe.BillingPortal.Configuration> {
  const { features: _stored, headline, token, ...shown } = row
  const features = featuresOf(account, row)
  const { subscription_cancel: cancel, subscription_update: update } = features
  return {
    ...shown,
    object: 'billing_portal.configuration',
    application: null,
    business_profile: { headline, privacy_policy_url: null, terms_of_service_url: null },
    features: {
      customer_update: features.customer_update ?? { allowed_updates: [], enabled: false },
      invoice_history: { enabled: features.invoice_history },
      payment_method_update: { enabled: features.payment_method_update, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: cancel.enabled,
        mode: cancel.mode,
        proration_behavior: cancel.proration_behavior ?? 'none',
      },
      subscription_pause: features.subscription_pause ?? {
        duration: { interval_options: [], type: 'indefinite' },
        enabled: false,
      },
      subscription_update: {
        billing_cycle_anchor: update.billing_cycle_anchor ?? 'unchanged',
        default_allowed_updates: update.allowed_updates ?? (update.enabled ? ['price'] : []),
        enabled: update.enabled,
        products: update.products.map(({ adjustable_quantity, product, prices }) => ({
          adjustable_quantity: adjustable_quantity ?? { enabled: false, maximum: null, minimum: 1 },
          prices,
          product,
        })),
        proration_behavior: update.proration_behavior ?? 'always_invoice',
        schedule_at_period_end: { conditions: (update.atPeriodEnd ?? []).map((type) => ({ type })) },
        trial_update_behavior: update.trial_update_behavior ?? 'continue_trial',
      },
    },
    livemode: false,
    login_page: token ? { enabled: true, url: `${account.publicUrl}/p/login/${token}` } : { enabled: false, url: null },
  }
}
