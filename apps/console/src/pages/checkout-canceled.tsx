import { Link } from 'react-router'
import { Page } from '../parts/page.tsx'

export function CheckoutCanceled() {
  return (
    <Page title="You left the payment page" narrow>
      <p className="lead">You came back without paying. The plans are still there when you want one.</p>
      <p className="actions">
        <Link className="button" to="/plans">
          See the plans
        </Link>
      </p>
    </Page>
  )
}
