import {
  creditNotesGetSeveralRefunds,
  invoicesGetSeveralPayments,
  linesGetParentsAndPricing,
} from './basil-invoices.ts'
import {
  aggregateUsageIsRemoved,
  couponsBecomeDiscounts,
  periodsMoveToItems,
  shippingDetailsMove,
} from './basil-subscriptions.ts'
import {
  chargesAndRefundsLeaveTheirObjects,
  featuresBecomeMarketingFeatures,
  renderingOptionsMove,
} from './before-acacia.ts'
import { couponsBecomeReferences, flexibleBillingIsTheDefault } from './clover.ts'
import { uiModesAreRenamed } from './dahlia.ts'
import { anchorsBecomeHashes, paymentMethodTypesAreRenamed } from './endive.ts'
import type { VersionChange } from './version-change.ts'

/** All changes of Stripe's API that the sandbox can undo, newest first. Add a new one at its place here. */
export const ALL_CHANGES: readonly VersionChange[] = [
  anchorsBecomeHashes,
  paymentMethodTypesAreRenamed,
  uiModesAreRenamed,
  couponsBecomeReferences,
  flexibleBillingIsTheDefault,
  invoicesGetSeveralPayments,
  linesGetParentsAndPricing,
  creditNotesGetSeveralRefunds,
  periodsMoveToItems,
  couponsBecomeDiscounts,
  aggregateUsageIsRemoved,
  shippingDetailsMove,
  featuresBecomeMarketingFeatures,
  renderingOptionsMove,
  chargesAndRefundsLeaveTheirObjects,
]
