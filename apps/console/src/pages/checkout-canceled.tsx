import { useSearchParams } from 'react-router'
import { AccountLink } from '../accounts/account-link.tsx'
import { BackToAccount } from '../billing/checkout/back-to-account.tsx'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { Page } from '../parts/page.tsx'
import { t } from '../texts/catalogue.ts'

/** Paymob leads here after a declined card, too. Stripe's page keeps the customer until a card pays. */
export function CheckoutCanceled() {
  return (
    <BackToAccount>
      <NothingCharged />
    </BackToAccount>
  )
}

function NothingCharged() {
  const { data: current } = useSubscription()
  const [query] = useSearchParams()
  const isDeclined = query.get('declined') === 'true'
  const { declinedTitle, declined, leftTitle, left } = t.checkout
  const has = current?.hasAccess ? t.checkout.stillHave(current.plan.name) : t.checkout.anyTime
  return (
    <Page title={isDeclined ? declinedTitle : leftTitle} narrow>
      <p className="lead">
        {isDeclined ? declined : left} {has}
      </p>
      <p className="actions">
        <AccountLink className="button" to="/plans">
          {t.plans.seePlans}
        </AccountLink>
      </p>
    </Page>
  )
}
