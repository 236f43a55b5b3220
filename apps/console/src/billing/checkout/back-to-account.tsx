import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { accountPath, useAccount, useAskedAccountId } from '../../accounts/use-account.ts'
import { recallDeparture } from './departure-memory.ts'

/** The payment provider's links back name no account. This goes on with the one that this tab has left from. */
export function BackToAccount({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation()
  const account = useAccount()
  const asked = useAskedAccountId()
  const left = recallDeparture()
  const isElsewhere = asked === null && account !== null && left !== null && left !== account.id
  return isElsewhere ? <Navigate replace to={accountPath(`${pathname}${search}`, left)} /> : children
}
