import { Link } from 'react-router'
import { AccountGate } from '../accounts/account-gate.tsx'
import { AuthPage } from '../parts/auth-page.tsx'
import { useUser } from '../session/use-user.ts'
import { settings } from '../settings.ts'
import { t } from '../texts/catalogue.ts'

/** For a visitor. Users see their home page here. */
export function Welcome() {
  if (useUser()) return <AccountGate />
  const words = t.home.welcome
  return (
    <AuthPage
      title={words.title(settings.brand.name)}
      below={
        <p className="quiet">
          {words.haveAccount} <Link to="/login">{words.logIn}</Link>
        </p>
      }
    >
      <p className="lead">{words.lead}</p>
      <p className="actions">
        <Link className="button" to="/signup">
          {words.signUp}
        </Link>
        <Link className="button button-quiet" to="/plans">
          {words.seePlans}
        </Link>
      </p>
    </AuthPage>
  )
}
