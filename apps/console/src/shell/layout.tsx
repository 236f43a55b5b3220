import { useEffect, useRef } from 'react'
import { Outlet, ScrollRestoration, useLocation } from 'react-router'
import { restoreSession } from '../api.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { useSessionState } from '../session/use-user.ts'
import { Header } from './header.tsx'

/** What is around every page. */
export function Layout() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const lastPath = useRef(pathname)

  // A new page begins at its heading, for those who hear it too; a browser does this only when it loads one itself.
  useEffect(() => {
    if (lastPath.current === pathname) return
    lastPath.current = pathname
    main.current?.querySelector('h1')?.focus({ preventScroll: true })
  }, [pathname])

  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Header />
      <main id="content" ref={main} tabIndex={-1}>
        <WhenKnown />
      </main>
      <ScrollRestoration />
    </>
  )
}

/** Pages wait until it is known whether somebody is logged in; nobody's page stays for somebody else. */
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
