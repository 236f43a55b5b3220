import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { useRef } from 'react'
import { Link } from 'react-router'
import { AccountPage } from '../account/account-page.tsx'
import { SessionCard } from '../account/session-card.tsx'
import { trpc } from '../api.ts'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
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
  const words = t.account.session
  /** The button that was clicked may be gone by then. */
  const finish = (close: () => void) => {
    close()
    list.current?.focus()
  }

  if (sessions.isPending) return <CardSkeleton lines={4} />
  if (sessions.isError) return <LoadFailure error={sessions.error} retry={() => void sessions.refetch()} />

  const thisOneFirst = sessions.data.toSorted((a, b) => Number(b.current) - Number(a.current))
  const hasOthers = sessions.data.some(({ current }) => !current)
  return (
    <>
      <p>{hasOthers ? words.several : words.only}</p>
      <ul className="sessions" ref={list} tabIndex={-1} aria-label={words.list}>
        {thisOneFirst.map((session) => (
          <SessionCard key={session.id} session={session}>
            <Confirm
              open={words.end}
              openFully={words.endFully(describeDevice(session.userAgent))}
              question={words.endQuestion(describeDevice(session.userAgent))}
              consequences={[words.endMeans]}
              yes={words.endYes}
              no={words.keep}
              busy={end.isPending}
              error={end.error}
              onClose={end.reset}
              onYes={(close) =>
                end.mutate(
                  { id: session.id },
                  {
                    onSuccess: () => finish(close),
                    // It has already ended: the user has what they asked for.
                    onError: (error) => isTollgateError(error, 'SESSION_NOT_FOUND') && finish(close),
                  },
                )
              }
            />
          </SessionCard>
        ))}
      </ul>
      {hasOthers && (
        <>
          <div className="actions">
            <Confirm
              open={words.endOthers}
              question={words.endOthersQuestion}
              consequences={[words.endOthersMeans]}
              yes={words.endOthersYes}
              no={words.keep}
              busy={endOthers.isPending}
              error={endOthers.error}
              onClose={endOthers.reset}
              onYes={(close) => endOthers.mutate(undefined, { onSuccess: () => finish(close) })}
            />
          </div>
          <p className="quiet">
            {words.unknownOne} <Link to="/password">{words.changePassword}</Link>.
          </p>
        </>
      )}
    </>
  )
}
