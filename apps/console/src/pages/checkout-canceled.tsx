import { Link } from 'react-router'
import { useSubscription } from '../billing/use-subscription.ts'
import { Page } from '../parts/page.tsx'

export function CheckoutCanceled() {
  const { data: current } = useSubscription()
  const has = current?.hasAccess
    ? `You still have ${current.plan.name}.`
    : 'The plans are still there when you want one.'
  return (
    <Page title="You left the payment page" narrow>
      <p className="lead">You came back without paying, and nothing was charged. {has}</p>
      <p className="actions">
        <Link className="button" to="/plans">
          See the plans
        </Link>
      </p>
    </Page>
  )
}
