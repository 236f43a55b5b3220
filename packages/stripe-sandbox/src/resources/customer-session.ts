import type Stripe from 'stripe'
import type { CustomerSessionRow } from '../state/rows/customer-session.ts'
import type { Wire } from '../wire.ts'

export function serializeCustomerSession({
  client_secret,
  created,
  customer,
  expires_at,
  others,
  payment_element,
}: CustomerSessionRow): Wire<Stripe.CustomerSession> {
  const enabled = (name: string) => ({ enabled: others[name] !== undefined })
  const withFeatures = (name: string) => ({ ...enabled(name), features: others[name] ?? null })
  return {
    object: 'customer_session',
    client_secret,
    components: {
      active_entitlements: enabled('active_entitlements'),
      buy_button: enabled('buy_button'),
      customer_portal: enabled('customer_portal'),
      customer_sheet: withFeatures('customer_sheet') as Wire<Stripe.CustomerSession.Components.CustomerSheet>,
      mobile_payment_element: withFeatures(
        'mobile_payment_element',
      ) as Wire<Stripe.CustomerSession.Components.MobilePaymentElement>,
      payment_element: {
        enabled: payment_element !== null,
        features: payment_element && {
          ...payment_element,
          payment_method_allow_redisplay_filters: [...payment_element.payment_method_allow_redisplay_filters],
        },
      },
      pricing_table: enabled('pricing_table'),
    },
    created,
    customer,
    customer_account: null,
    expires_at,
    livemode: false,
  }
}
