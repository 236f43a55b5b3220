'use client'
import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { loadedOf, queryOf } from './queries.ts'
import { userKey } from './query-keys.ts'
import type { NoSession } from './states.ts'
import { useTollgateContext } from './tollgate-context.ts'
import { useLogin, type Login } from './use-session.ts'

/** An account of the user: the personal one, or an organization. `role` is the user's own. */
export type Account = RouterOutputs['accounts']['list'][number]

interface Accounts {
  /** All accounts of the user, the personal one first. */
  readonly accounts: readonly Account[]
  /** Chooses another account of the user. Nothing is sent: each call names its account. */
  switchTo(accountId: string): void
}

/** The account that the application is about. Pass its id to your own calls: `{ accountId: account.id }`. */
export type AccountState =
  | NoSession
  | ({ readonly status: 'ready'; readonly account: Account } & Accounts)
  /** The chosen account does not exist, or the user is not a member of it (any longer). */
  | ({ readonly status: 'not-found'; readonly accountId: string } & Accounts)

/** The chosen account, the user's other accounts, and how to switch. */
export function useAccount(): AccountState {
  const { client, choose } = useTollgateContext()
  const login = useLogin()
  const userId = login.status === 'in' ? login.user.id : ''
  const accountId = useAccountIdOf(login)
  const list = useQuery({
    ...queryOf(client, userId, () => client.api.accounts.list.query()),
    queryKey: userKey(userId, 'accounts'),
    enabled: login.status === 'in' && login.isConfirmed,
  })
  if (login.status !== 'in') return login
  const loaded = loadedOf(list)
  if (loaded.status !== 'ready') return loaded
  const accounts = loaded.data
  const switchTo = (chosen: string) => choose(userId, chosen === userId ? null : chosen)
  const account = accounts.find(({ id }) => id === accountId)
  return account
    ? { status: 'ready', account, accounts, switchTo }
    : { status: 'not-found', accountId, accounts, switchTo }
}

/** The id of the chosen account, without waiting for the list; empty while no user is logged in. */
export function useAccountIdOf(login: Login): string {
  const { accountChosenBy } = useTollgateContext()
  if (login.status !== 'in') return ''
  return accountChosenBy(login.user.id) ?? login.user.id // a personal account has its user's id
}
