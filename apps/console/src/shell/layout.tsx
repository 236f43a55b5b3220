import type { SessionState } from '@tollgate/client'
import { lazy, Suspense, useRef } from 'react'
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
import { useFocusOnNewPage } from './use-focus-on-new-page.ts'

/** Sessions rarely end in the middle of a form: most visits don't need its code. */
const LogInAgain = lazy(async () => {
  const found = await import('../session/log-in-again.tsx').catch(() => null)
  return { default: found?.LogInAgain ?? Outdated }
})

/** The frame around every page. */
export function Layout() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const asked = useAskedAccountId()
  const viewer = useViewer()
  useFocusOnNewPage(main, viewer === null ? null : `${pathname} ${asked} ${viewer.userId}`)

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

/** Whose page is shown; null while that is not known. */
function useViewer() {
  const state = useSessionState()
  return state.status === 'unknown' || state.status === 'unreachable' ? null : viewerOf(state)
}

/** `because` says why the session ended, if the page below stays for what was typed into it. */
function viewerOf(state: SessionState) {
  const because = state.status === 'out' && keepsPage(state.because) ? state.because : null
  return { because, userId: state.status === 'in' ? state.session.user.id : because && lastUser()?.id }
}

/**
 * Waits until the login state is known. The key gives each user fresh pages, without the state of the last user. A page
 * with an unsent form stays when its session ends, and goes on after a new login.
 */
function WhenKnown() {
  const state = useSessionState()
  if (state.status === 'unknown') return <PageSkeleton />
  if (state.status === 'unreachable') return <Unreachable error={state.error} />
  const { because, userId } = viewerOf(state)
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
