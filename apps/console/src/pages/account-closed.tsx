import { Page } from '../parts/page.tsx'

export function AccountClosed() {
  return (
    <Page title="Your account is deactivated" narrow>
      <p className="lead">You are logged out on all devices and can no longer log in.</p>
      <p className="quiet">An active subscription is canceled at the end of the paid period.</p>
    </Page>
  )
}
