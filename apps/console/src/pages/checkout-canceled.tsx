import { AccountLink } from '../accounts/account-link.tsx'
import { BackToAccount } from '../billing/back-to-account.tsx'
import { useSubscription } from '../billing/use-subscription.ts'
import { Page } from '../parts/page.tsx'

export function CheckoutCanceled() {
  return (
    <BackToAccount>
      <NothingCharged />
    </BackToAccount>
  )
}

function NothingCharged() {
  const { data: current } = useSubscription()
  const has = current?.hasAccess ? `You still have ${current.plan.name}.` : 'You can choose a plan at any time.'
  return (
    <Page title="You left the checkout page" narrow>
      <p className="lead">You came back without paying. Nothing was charged. {has}</p>
      <p className="actions">
        <AccountLink className="button" to="/plans">
          See the plans
        </AccountLink>
      </p>
    </Page>
  )
}
