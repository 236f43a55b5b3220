import { useEffect } from 'react'
import { api, queryClient, session, trpc } from '../api.ts'
import { browserZone } from '../words/time-zone.ts'

/** Stores the browser's time zone in the user's profile if it has none, so that mails show times in it. */
export function useBrowserZone(userId: string | undefined): void {
  useEffect(() => {
    // Nobody asked for this. If it fails, mails show UTC until the next visit.
    if (userId !== undefined) storeBrowserZone(userId).catch(() => null)
  }, [userId])
}

/** The user whose profile this browser has looked at, so that it does so once. */
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
