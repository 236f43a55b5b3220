import { Page } from '../parts/page.tsx'

export function AccountClosed() {
  return (
    <Page title="Your account is deactivated" narrow>
      <p className="lead">You are logged out everywhere, and nobody can log in to it any more.</p>
      <p className="quiet">A subscription that was running is canceled at the end of the time you have paid for.</p>
    </Page>
  )
}
