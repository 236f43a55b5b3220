import { html, type Html } from '../pages/html.ts'
import type { Account } from '../state/account.ts'
import { formButton } from './form-button.ts'

/** A setting of the portal that Stripe has in its Dashboard: whether customers can change plans there. */
export function portalPanel(account: Account, back: string): Html {
  if (account.portalConfigurations.all().some((row) => row.is_default && row.features.subscription_update !== 'as_set'))
    return html`<p>The API set the portal's default configuration, which defines what customers can do there.</p>`
  const { portalPlanChanges } = account.settings
  return html`<p>
      ${portalPlanChanges ? 'Customers can switch to any recurring price on sale.' : "Customers can't change plans there."}
    </p>
    ${formButton(
      {
        name: 'portal-plan-changes',
        label: portalPlanChanges ? "Don't let customers change plans" : 'Let customers change plans',
        back,
      },
      { let: portalPlanChanges ? 'off' : 'on' },
    )}`
}
