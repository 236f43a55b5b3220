import { Link } from 'react-router'
import { AuthPage } from '../parts/auth-page.tsx'
import { Support } from '../parts/support.tsx'
import { t } from '../texts/catalogue.ts'

export function NotFound() {
  return (
    <AuthPage title={t.pages.notFound.title}>
      <p>{t.pages.notFound.lead}</p>
      <p className="actions">
        <Link className="button" to="/">
          {t.pages.notFound.home}
        </Link>
        <Link className="button button-quiet" to="/plans">
          {t.pages.notFound.plans}
        </Link>
      </p>
      <Support />
    </AuthPage>
  )
}
