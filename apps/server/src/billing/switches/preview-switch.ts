import { atProvider, type CallingScope } from '../billing-scope.ts'
import type { SubscribeInput, SwitchPreview } from '../billing.schemas.ts'
import { termsToday } from '../plans/is-upgrade.ts'
import { findSwitch } from './find-switch.ts'

/**
 * What a switch to a plan of another provider would mean. It changes nothing.
 *
 * @throws what {@link findSwitch} refuses.
 */
export async function previewSwitch(
  scope: CallingScope,
  input: SubscribeInput & { accountId: string },
): Promise<SwitchPreview> {
  const { plan, offer, members, startsAt } = await findSwitch(scope, input)
  return {
    startsAt,
    dueNowCents: 0,
    cardCheckCents: atProvider(scope, offer.provider).billing.provider.capabilities.cardCheckCents,
    nextPaymentCents: termsToday(plan, offer, members).priceCents,
    currency: offer.currency,
  }
}
