import { createTollgateServerClient } from '@tollgate/client'
import { NextResponse, type NextRequest } from 'next/server'
import { TOLLGATE_URL } from './tollgate/url'

/** The only place where sessions are refreshed: it runs before each page, and can set cookies. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const changes: Parameters<NextResponse['cookies']['set']>[] = []
  const { refreshSession } = createTollgateServerClient({
    url: TOLLGATE_URL,
    cookies: {
      getAll: () => request.cookies.getAll(),
      set(name, value, options) {
        request.cookies.set(name, value) // for the page that is rendered now
        changes.push([name, value, options]) // for the browser
      },
    },
    visitor: {
      forwardedFor: request.headers.get('x-forwarded-for'),
      userAgent: request.headers.get('user-agent'),
    },
  })
  await refreshSession().catch(() => false) // a backend that is down must not take down public pages
  const response = NextResponse.next({ request })
  for (const change of changes) response.cookies.set(...change)
  return response
}

/** Pages, but not files, and not the routes for programs with an access token of their own. */
export const config = { matcher: ['/((?!_next/|api/|favicon.ico).*)'] }
