import { emit, emitUpdated } from '../../events/emit.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  clearable,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  returnUrl,
  string,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { randomText } from '../../ids.ts'
import { openPortal } from '../../portal/open-portal.ts'
import { defaultConfiguration, insertConfiguration, NO_FEATURES } from '../../portal/portal-configurations.ts'
import { featuresOf } from '../../resources/portal-features.ts'
import { serializePortalConfiguration, serializePortalSession } from '../../resources/portal.ts'
import type { Account } from '../../state/account.ts'
import type { PortalConfigurationRow, PortalFlow } from '../../state/rows/checkout.ts'
import { readSessionDiscounts } from '../discount-params.ts'
import { activePriceInParam, customerInParam, inParam, inPath } from '../lookup.ts'
import { checkPausable } from '../subscriptions/pause-params.ts'
import { FEATURES, readFeatures } from './portal-features.ts'

const ABOUT = { subscription: required(string()) }
const FLOW = hash({
  type: required(
    oneOf(
      'customer_update',
      'payment_method_update',
      'subscription_cancel',
      'subscription_pause',
      'subscription_update',
      'subscription_update_confirm',
    ),
  ),
  after_completion: hash({
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
    redirect: hash({ return_url: required(returnUrl()) }),
    hosted_confirmation: hash({ custom_message: string() }),
  }),
  subscription_cancel: hash({
    ...ABOUT,
    retention: hash({
      type: required(oneOf('coupon_offer')),
      coupon_offer: required(hash({ coupon: required(string()) })),
    }),
  }),
  subscription_pause: hash(ABOUT),
  subscription_update: hash(ABOUT),
  subscription_update_confirm: hash({
    ...ABOUT,
    discounts: list(hash({ coupon: string(), promotion_code: string() }), { max: 1 }),
    items: required(list(hash({ id: required(string()), price: string(), quantity: integer({ min: 0 }) }))),
  }),
})
const SESSION = hash({
  customer: required(string()),
  configuration: string(),
  flow_data: FLOW,
  locale: string(),
  return_url: returnUrl(),
})
const CONFIGURATION = {
  business_profile: hash({
    headline: clearable(string({ max: 60 })),
  }),
  default_return_url: clearable(returnUrl()),
  login_page: hash({ enabled: required(boolean()) }),
  metadata: metadata(),
  name: clearable(string()),
}

export const portalRoutes = [
  route('POST', '/billing_portal/sessions', SESSION, ({ account, params }) => {
    const customer = customerInParam(account, params.customer)
    const configuration =
      params.configuration === undefined
        ? defaultConfiguration(account)
        : inParam(account.portalConfigurations, params.configuration, 'portal configuration', 'configuration')
    const row = openPortal(account, customer.id, {
      configuration: configuration.id,
      flow: params.flow_data ? readFlow(account, customer.id, params.flow_data) : null,
      locale: params.locale ?? null,
      return_url: params.return_url ?? configuration.default_return_url,
    })
    return serializePortalSession(account, row)
  }),
  route(
    'POST',
    '/billing_portal/configurations',
    hash({ ...CONFIGURATION, features: required(FEATURES) }),
    ({ account, params }) => {
      const row = insertConfiguration(account, {
        is_default: account.portalConfigurations.size === 0,
        ...readConfiguration(params),
        features: readFeatures(params.features, NO_FEATURES, NO_FEATURES.subscription_update),
        metadata: mergeMetadata({}, params.metadata),
      })
      emit(account, 'billing_portal.configuration.created', serializePortalConfiguration(account, row))
      return serializePortalConfiguration(account, row)
    },
  ),
  route('GET', '/billing_portal/configurations/:id', hash({}), ({ account, id }) =>
    serializePortalConfiguration(account, inPath(account.portalConfigurations, id, 'portal configuration')),
  ),
  route(
    'POST',
    '/billing_portal/configurations/:id',
    hash({ ...CONFIGURATION, active: boolean(), features: FEATURES }),
    ({ account, id, params }) => {
      const old = inPath(account.portalConfigurations, id, 'portal configuration')
      const row = account.portalConfigurations.patch(id, {
        ...readConfiguration(params),
        ...(params.active !== undefined && { active: params.active }),
        ...(params.features && {
          features: readFeatures(params.features, old.features, featuresOf(account, old).subscription_update),
        }),
        metadata: mergeMetadata(old.metadata, params.metadata),
        updated: account.now(),
      })
      emitUpdated(
        account,
        'billing_portal.configuration.updated',
        serializePortalConfiguration(account, old),
        serializePortalConfiguration(account, row),
      )
      return serializePortalConfiguration(account, row)
    },
  ),
  route(
    'GET',
    '/billing_portal/configurations',
    hash({ ...PAGE, active: boolean(), is_default: boolean() }),
    ({ account, params }) => {
      const rows = account.portalConfigurations
        .all()
        .filter(
          (row) =>
            (params.active === undefined || row.active === params.active) &&
            (params.is_default === undefined || row.is_default === params.is_default),
        )
      return page('/v1/billing_portal/configurations', rows, params, (row) =>
        serializePortalConfiguration(account, row),
      )
    },
  ),
]

function readConfiguration({
  business_profile,
  default_return_url,
  login_page,
  name,
}: {
  business_profile?: { headline?: string | null }
  default_return_url?: string | null
  login_page?: { enabled: boolean }
  name?: string | null
}): Partial<PortalConfigurationRow> {
  return {
    ...(business_profile?.headline !== undefined && { headline: business_profile.headline }),
    ...(default_return_url !== undefined && { default_return_url }),
    ...(login_page && { token: login_page.enabled ? `login_${randomText(16)}` : null }),
    ...(name !== undefined && { name }),
  }
}

/**
 * Reads the portal flow that a session opens with.
 *
 * @throws {StripeApiError} 400 if the flow lacks its details, or names an ended subscription or another customer's.
 * @throws {StripeApiError} 400 for the cancellation of a subscription that is already set to cancel.
 */
function readFlow(account: Account, customer: string, given: ParamValue<typeof FLOW>): PortalFlow {
  const details = given.type === 'payment_method_update' || given.type === 'customer_update' ? null : given[given.type]
  if (details === undefined) throw missingParam(`flow_data[${given.type}]`)
  const param = `flow_data[${given.type}][subscription]`
  const subscription =
    details === null ? null : inParam(account.subscriptions, details.subscription, 'subscription', param)
  if (subscription && subscription.customer !== customer)
    throw invalidRequest(`No such subscription: '${subscription.id}'`, { param, code: 'resource_missing' })
  if (
    given.type === 'subscription_cancel' &&
    subscription &&
    (subscription.cancel_at_period_end || subscription.cancel_at !== null)
  )
    throw invalidRequest('The subscription is already set to be canceled at period end.', { param })
  if (given.type === 'subscription_pause' && subscription) checkPausable(subscription)
  if (subscription?.ended_at != null) throw invalidRequest('This subscription has already ended.', { param })
  const items = (given.subscription_update_confirm?.items ?? []).map(({ id, price, quantity }, index) => {
    const before = subscription?.items.find((item) => item.id === id)
    if (!before)
      throw invalidRequest(`No such subscription item: '${id}'`, {
        param: `flow_data[subscription_update_confirm][items][${index}][id]`,
        code: 'resource_missing',
      })
    const chosen =
      price === undefined
        ? before.price
        : activePriceInParam(account, price, `flow_data[subscription_update_confirm][items][${index}][price]`).id
    return { id, price: chosen, quantity: quantity ?? before.quantity }
  })
  const after = given.after_completion
  const offer = given.subscription_cancel?.retention?.coupon_offer.coupon
  if (offer !== undefined)
    inParam(account.coupons, offer, 'coupon', 'flow_data[subscription_cancel][retention][coupon_offer][coupon]')
  const discounts = given.subscription_update_confirm?.discounts
  return {
    type: given.type,
    subscription: subscription?.id ?? null,
    items,
    ...(discounts && {
      discounts: readSessionDiscounts(account, discounts, customer, subscription?.currency ?? 'usd'),
    }),
    ...(offer !== undefined && { retention: offer }),
    after_completion: { type: after?.type ?? 'portal_homepage', return_url: after?.redirect?.return_url ?? null },
  }
}
