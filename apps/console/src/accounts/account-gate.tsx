import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, Outlet } from 'react-router'
import { trpc } from '../api.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { ChosenAccount, personalAccountOf, useAskedAccountId, type Account } from './use-account.ts'

/**
 * Shows its routes for the account in the URL, or for the personal account if there is none. An account that does not
 * exist, or that the user is not a member of, gets a message.
 */
export function AccountGate() {
  const user = useUser()
  const asked = useAskedAccountId()
  const isOther = user !== null && asked !== null && asked !== user.id
  const accounts = useQuery({ ...trpc.accounts.list.queryOptions(), enabled: isOther })

  if (!user) return <Outlet />
  if (!isOther) return <Chosen account={personalAccountOf(user)} />
  const account = accounts.data?.find(({ id }) => id === asked)
  if (account) return <Chosen account={account} />
  if (accounts.isFetching) return <Waiting content={<Loading />} />
  if (accounts.isError)
    return <Waiting content={<LoadFailure error={accounts.error} retry={() => void accounts.refetch()} />} />
  return <UnknownAccount />
}

/** The key gives each account fresh pages, without the state of the last one. */
function Chosen({ account }: { account: Account }) {
  return (
    <ChosenAccount value={account}>
      <Outlet key={account.id} />
    </ChosenAccount>
  )
}

function Waiting({ content }: { content: ReactNode }) {
  return (
    <Page title={t.accounts.loading} narrow>
      {content}
    </Page>
  )
}

function UnknownAccount() {
  return (
    <Page title={t.accounts.unknown} narrow takesOver>
      <Notice tone="bad">{t.accounts.unknownWhy}</Notice>
      <p className="lead">{t.accounts.mistake}</p>
      <p className="actions">
        <Link className="button" to="/subscription">
          {t.accounts.toPersonal}
        </Link>
      </p>
    </Page>
  )
}
