import { createTollgateServerClient } from '@tollgate/client'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { TOLLGATE_URL } from './url'

/**
 * The client of the visitor whose request is being answered: one for each request. In a page it can't set cookies, so it
 * never refreshes there: proxy.ts has done that. In server actions and route handlers it can.
 */
export const tollgate = cache(async () => {
  const received = await headers()
  return createTollgateServerClient({
    url: TOLLGATE_URL,
    cookies: await cookies(),
    visitor: { forwardedFor: received.get('x-forwarded-for'), userAgent: received.get('user-agent') },
  })
})

/** The visitor's user, as the backend has verified it; null without a session. */
export const currentUser = cache(async () => {
  const { api, session } = await tollgate()
  try {
    return await api.auth.me.query()
  } catch (error) {
    if (session.current === null) return null
    throw error
  }
})
