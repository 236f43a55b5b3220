import { html, type Html } from '../pages/html.ts'
import type { Account } from '../state/account.ts'
import { formButton } from './form-button.ts'

/** What Stripe's Dashboard sets for the portal: whether customers may change plans there. */
export function portalPanel(account: Account, back: string): Html {
  if (account.portalConfigurations.all().some((row) => row.is_default && row.features.subscription_update !== 'as_set'))
    return html`<p>Its default configuration was made by the API, which says what customers can do there.</p>`
  const { portalPlanChanges } = account.settings
  return html`<p>
      ${portalPlanChanges ? 'Customers can change plans there, among all recurring prices on sale.' : 'Customers can not change plans there.'}
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
