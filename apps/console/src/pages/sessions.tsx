import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { useRef } from 'react'
import { Link } from 'react-router'
import { AccountPage } from '../account/account-page.tsx'
import { SessionCard } from '../account/session-card.tsx'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { t } from '../texts/catalogue.ts'
import { describeDevice } from '../words/device.ts'

/** The user's sessions, with buttons to end them. */
export function Sessions() {
  return (
    <AccountPage title={t.account.sessions}>
      <LiveSessions />
    </AccountPage>
  )
}

function LiveSessions() {
  const list = useRef<HTMLUListElement>(null)
  const queryClient = useQueryClient()
  const sessions = useQuery(trpc.sessions.list.queryOptions())
  const onSettled = () => queryClient.invalidateQueries(trpc.sessions.list.queryFilter())
  const end = useMutation(trpc.sessions.revoke.mutationOptions({ onSettled }))
  const endOthers = useMutation(trpc.sessions.revokeOthers.mutationOptions({ onSettled }))
  /** The button that was clicked may be gone by then. */
  const thenFocusList = { onSettled: () => list.current?.focus() }

  if (sessions.isPending) return <CardSkeleton lines={4} />
  if (sessions.isError) return <LoadFailure error={sessions.error} retry={() => void sessions.refetch()} />

  const thisOneFirst = sessions.data.toSorted((a, b) => Number(b.current) - Number(a.current))
  const hasOthers = sessions.data.some(({ current }) => !current)
  // If the session has already ended, the user has what they asked for.
  const problem = endOthers.error ?? (isTollgateError(end.error, 'SESSION_NOT_FOUND') ? null : end.error)
  return (
    <>
      <p>{hasOthers ? t.account.session.several : t.account.session.only}</p>
      {problem && (
        <Notice tone="bad">
          <Problem error={problem} />
        </Notice>
      )}
      <ul className="sessions" ref={list} tabIndex={-1} aria-label={t.account.session.list}>
        {thisOneFirst.map((session) => (
          <SessionCard key={session.id} session={session}>
            <BusyButton
              quiet
              busy={end.isPending && end.variables.id === session.id}
              aria-label={t.account.session.endFully(describeDevice(session.userAgent))}
              onClick={() => end.mutate({ id: session.id }, thenFocusList)}
            >
              {t.account.session.end}
            </BusyButton>
          </SessionCard>
        ))}
      </ul>
      {hasOthers && (
        <>
          <p className="actions">
            <BusyButton busy={endOthers.isPending} onClick={() => endOthers.mutate(undefined, thenFocusList)}>
              {t.account.session.endOthers}
            </BusyButton>
          </p>
          <p className="quiet">
            {t.account.session.unknownOne} <Link to="/password">{t.account.session.changePassword}</Link>.
          </p>
        </>
      )}
    </>
  )
}
