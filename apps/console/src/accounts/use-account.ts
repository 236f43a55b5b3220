import type { RouterOutputs } from '@tollgate/client'
import { createContext, use, useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** Who pays: the user's personal account, or an organization. `role` is the user's own. */
export type Account = Pick<RouterOutputs['accounts']['list'][number], 'id' | 'kind' | 'name' | 'role'>

/** A personal account has its user's id. */
export const personalAccountOf = ({ id, username }: { id: string; username: string }): Account => ({
  id,
  kind: 'personal',
  name: username,
  role: 'owner',
})

/** Null while no user is logged in. */
export const ChosenAccount = createContext<Account | null>(null)

/** The account that the page is about; null while no user is logged in. */
export const useAccount = (): Account | null => use(ChosenAccount)

/** The input of procedures that are about an account. */
export function useAccountInput(): { accountId: string | undefined } {
  return { accountId: useAccount()?.id }
}

/**
 * The account that the page's URL names, `?account=`. It may not exist. Two tabs can show two accounts, because the
 * choice is only there.
 *
 * @returns null for the personal account.
 */
export function useAskedAccountId(): string | null {
  return useSearchParams()[0].get('account')?.toLowerCase() || null
}

/** @param accountId null for the personal account. */
export function accountPath(path: string, accountId: string | null): string {
  const [address = '', hash] = path.split('#')
  const query = accountId === null ? '' : `${address.includes('?') ? '&' : '?'}account=${encodeURIComponent(accountId)}`
  return `${address}${query}${hash === undefined ? '' : `#${hash}`}`
}

/** Makes paths for links that stay with the account of this page. */
export function useAccountPath(): (path: string) => string {
  const asked = useAskedAccountId()
  return useCallback((path) => accountPath(path, asked), [asked])
}
