import { useEffect } from 'react'
import { api, queryClient, session, trpc } from '../api.ts'
import { browserZone } from '../words/time-zone.ts'

/** Stores the browser's time zone in the user's profile if it has none, so that emails show times in it. */
export function useBrowserZone(userId: string | undefined): void {
  useEffect(() => {
    // The user didn't ask for this, so they see no error. Emails show UTC until a later visit stores the zone.
    if (userId !== undefined) storeBrowserZone(userId).catch(() => null)
  }, [userId])
}

/** Under this key: the user whose profile is known to have a time zone, so that it isn't requested at each visit. */
const KEY = 'has-time-zone'

let current: string | undefined

async function storeBrowserZone(userId: string): Promise<void> {
  if (current === userId || localStorage.getItem(KEY) === userId) return
  current = userId
  const isStillIn = () => session.current?.user.id === userId
  const profile = await api.profile.get.query()
  // During a deploy, a backend of the previous version may answer. It knows no time zones.
  if (!('timeZone' in profile) || !isStillIn()) return
  if (profile.timeZone === null) {
    const saved = await api.profile.update.mutate({ timeZone: browserZone() })
    if (isStillIn()) queryClient.setQueryData(trpc.profile.get.queryKey(), saved)
  }
  localStorage.setItem(KEY, userId)
}
