import { useEffect, useRef } from 'react'
import { Outlet, ScrollRestoration, useLocation } from 'react-router'
import { useAskedAccountId } from '../accounts/use-account.ts'
import { restoreSession } from '../api.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { useSessionState } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { Header } from './header.tsx'

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
      <ScrollRestoration />
    </>
  )
}

/** Waits until the login state is known. The key gives each user fresh pages, without the state of the last user. */
function WhenKnown() {
  const state = useSessionState()
  switch (state.status) {
    case 'unknown':
      return <Loading />
    case 'unreachable':
      return <LoadFailure error={state.error} retry={() => void restoreSession()} />
    case 'out':
      return <Outlet />
    case 'in':
      return <Outlet key={state.session.user.id} />
  }
}
