import { AuthPage } from '../parts/auth-page.tsx'
import { Support } from '../parts/support.tsx'
import { isAboutToReload } from '../shell/reload-after-deploy.ts'
import { t } from '../texts/catalogue.ts'

/** Shown when a page throws an unexpected error. */
export function Broken() {
  if (isAboutToReload()) return null
  return (
    <main id="content">
      <AuthPage title={t.pages.broken.title}>
        <p role="alert">{t.pages.broken.lead}</p>
        <p className="actions">
          <button type="button" className="button" onClick={() => window.location.reload()}>
            {t.pages.broken.reload}
          </button>
          <a className="button button-quiet" href="/">
            {t.pages.broken.home}
          </a>
        </p>
        <Support />
      </AuthPage>
    </main>
  )
}
