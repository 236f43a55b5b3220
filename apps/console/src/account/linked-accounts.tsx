import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { reasonText } from '@tollgate/client'
import { useRef } from 'react'
import { Link, useSearchParams } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import { ProviderLogo } from './provider-logo.tsx'
import { PROVIDERS } from './providers.ts'
import { isStandInAddress } from './stand-in-address.ts'
import { useHasPassword } from './use-has-password.ts'

/** The Google and GitHub accounts the user can log in with. Requires a verified address, as the backend does. */
export function LinkedAccounts() {
  const user = useUser()
  if (!user?.isVerified) return null
  return (
    <section className="card" aria-labelledby="linked-accounts">
      <h2 id="linked-accounts">{t.account.linked.title}</h2>
      <p className="quiet">{t.account.linked.lead}</p>
      <Accounts />
    </section>
  )
}

function Accounts() {
  const words = t.account.linked
  const list = useRef<HTMLUListElement>(null)
  const queryClient = useQueryClient()
  const [query] = useSearchParams()
  const urlError = query.get('error')
  const hasPassword = useHasPassword()
  const identities = useQuery(trpc.identities.list.queryOptions())
  const onSettled = () => queryClient.invalidateQueries(trpc.identities.list.queryFilter())
  const unlink = useMutation(trpc.identities.unlink.mutationOptions({ onSettled }))
  const link = useMutation(
    trpc.identities.link.mutationOptions({ onSuccess: ({ url }) => window.location.assign(url) }),
  )

  if (identities.isPending) return <Skeleton lines={4} />
  if (identities.isError) return <LoadFailure error={identities.error} retry={() => void identities.refetch()} />

  const isNew = !link.error && !unlink.error && !unlink.data
  return (
    <>
      {link.error && (
        <Notice tone="bad">
          <Problem error={link.error} />
        </Notice>
      )}
      {isNew && urlError && <Notice tone="bad">{reasonText(urlError)}</Notice>}
      <ul className="linked-accounts" ref={list} tabIndex={-1} aria-label={words.list}>
        {PROVIDERS.map(({ provider, title }) => {
          const linked = identities.data.filter((identity) => identity.provider === provider)
          const isLinking = (link.isPending || link.isSuccess) && link.variables.provider === provider
          return (
            <li key={provider}>
              <div>
                <strong className="provider-name">
                  <ProviderLogo of={provider} />
                  {title}
                </strong>
                {linked.map(({ email, linkedAt }) => (
                  <p key={linkedAt.getTime()} className="quiet">
                    {words.since(email ?? words.noEmail, formatDay(linkedAt))}
                  </p>
                ))}
                {linked.length === 0 && <p className="quiet">{words.none}</p>}
              </div>
              {linked.length > 0 ? (
                <Confirm
                  open={words.disconnect}
                  openFully={words.disconnectFully(title)}
                  question={words.question(title)}
                  consequences={[words.means(title), words.again]}
                  yes={words.yes}
                  no={words.no}
                  busy={unlink.isPending}
                  error={unlink.error}
                  onClose={() => unlink.isError && unlink.reset()}
                  onYes={(close) =>
                    unlink.mutate(
                      { provider },
                      {
                        onSuccess() {
                          close()
                          list.current?.focus()
                        },
                      },
                    )
                  }
                />
              ) : (
                <BusyButton
                  quiet
                  busy={isLinking}
                  aria-label={words.connectFully(title)}
                  onClick={() => link.mutate({ provider, redirectTo: '/profile' })}
                >
                  {words.connect}
                </BusyButton>
              )}
            </li>
          )
        })}
      </ul>
      {hasPassword === false && identities.data.length === 1 && <LastOne />}
    </>
  )
}

/** What to do before the only connected account of a user without a password is disconnected. */
function LastOne() {
  const user = useUser()
  const words = t.account.linked
  if (!user) return null
  if (isStandInAddress(user.email)) return <p className="quiet">{words.lastWithoutAddress}</p>
  return (
    <p className="quiet">
      {words.last} <Link to="/password">{words.toPassword}</Link>
    </p>
  )
}
