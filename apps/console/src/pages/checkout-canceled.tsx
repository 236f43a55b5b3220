import { AccountLink } from '../accounts/account-link.tsx'
import { BackToAccount } from '../billing/checkout/back-to-account.tsx'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { Page } from '../parts/page.tsx'
import { t } from '../texts/catalogue.ts'

export function CheckoutCanceled() {
  return (
    <BackToAccount>
      <NothingCharged />
    </BackToAccount>
  )
}

function NothingCharged() {
  const { data: current } = useSubscription()
  const has = current?.hasAccess ? t.billing.checkout.stillHave(current.plan.name) : t.billing.checkout.anyTime
  return (
    <Page title={t.billing.checkout.leftTitle} narrow>
      <p className="lead">
        {t.billing.checkout.left} {has}
      </p>
      <p className="actions">
        <AccountLink className="button" to="/plans">
          {t.plans.seePlans}
        </AccountLink>
      </p>
    </Page>
  )
}
