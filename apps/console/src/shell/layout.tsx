import { lazy, Suspense, useEffect, useRef } from 'react'
import { Outlet, ScrollRestoration, useLocation } from 'react-router'
import { useAskedAccountId } from '../accounts/use-account.ts'
import { PageSkeleton } from '../parts/page-skeleton.tsx'
import { keepsPage } from '../session/keeps-page.ts'
import { lastUser } from '../session/last-user.ts'
import { useSessionState } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { Outdated } from './outdated.tsx'
import { Unreachable } from './unreachable.tsx'

/** Sessions rarely end in the middle of a form: most visits don't need its code. */
const LogInAgain = lazy(async () => {
  const found = await import('../session/log-in-again.tsx').catch(() => null)
  return { default: found?.LogInAgain ?? Outdated }
})

/** The frame around every page. */
export function Layout() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const page = `${pathname} ${useAskedAccountId()}`
  const lastPage = useRef(page)

  // Focus a new page's heading, so that screen readers start there. Browsers reset the focus only on full page loads.
  useEffect(() => {
    if (lastPage.current === page) return
    lastPage.current = page
    main.current?.querySelector('h1')?.focus({ preventScroll: true })
  }, [page])

  return (
    <>
      <a className="skip-link" href="#content">
        {t.shell.skipToContent}
      </a>
      <Header />
      <main id="content" ref={main} tabIndex={-1}>
        <WhenKnown />
      </main>
      <Footer />
      <ScrollRestoration />
    </>
  )
}

/**
 * Waits until the login state is known. The key gives each user fresh pages, without the state of the last user. A page
 * with an unsent form stays when its session ends, and goes on after a new login.
 */
function WhenKnown() {
  const state = useSessionState()
  if (state.status === 'unknown') return <PageSkeleton />
  if (state.status === 'unreachable') return <Unreachable error={state.error} />
  const because = state.status === 'out' && keepsPage(state.because) ? state.because : null
  const userId = state.status === 'in' ? state.session.user.id : because && lastUser()?.id
  return (
    <>
      <Outlet key={userId} />
      {because && (
        <Suspense>
          <LogInAgain because={because} />
        </Suspense>
      )}
    </>
  )
}
