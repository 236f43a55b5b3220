import { AuthPage } from '../parts/auth-page.tsx'
import { Support } from '../parts/support.tsx'
import { t } from '../texts/catalogue.ts'

export function AccountClosed() {
  return (
    <AuthPage title={t.auth.closed.title}>
      <p>{t.auth.closed.lead}</p>
      <p className="quiet">{t.auth.closed.subscription}</p>
      <Support text={t.auth.closed.changedYourMind} />
    </AuthPage>
  )
}
