import { Link, Navigate } from 'react-router'
import { useAccountPath } from '../accounts/use-account.ts'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'

export function Welcome() {
  const subscription = useAccountPath()('/subscription')
  if (useUser()) return <Navigate replace to={subscription} />
  return (
    <Page title="Welcome" narrow>
      <p className="lead">Create an account and choose a plan to get started. You can look at the plans first.</p>
      <p className="actions">
        <Link className="button" to="/signup">
          Sign up
        </Link>
        <Link className="button button-quiet" to="/plans">
          See the plans
        </Link>
      </p>
      <p className="quiet">
        Already have an account? <Link to="/login">Log in</Link>
      </p>
    </Page>
  )
}
