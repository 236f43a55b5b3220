import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Navigate, useLocation } from 'react-router'
import { accountPath } from '../../accounts/use-account.ts'
import { api } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../../texts/catalogue.ts'
import { mayBill } from '../../words/rights.ts'

/** Looks for a checkout in the user's organizations, and goes on to the one that it belongs to. */
export function FindCheckoutAccount({ sessionId }: { sessionId: string }) {
  const { pathname, search } = useLocation()
  const found = useQuery({
    queryKey: ['account of checkout', sessionId],
    queryFn: ({ signal }) => accountOf(sessionId, signal),
  })
  if (found.isPending) return <Loading what={t.checkout.checking} />
  if (found.isError) return <LoadFailure error={found.error} retry={() => void found.refetch()} />
  if (found.data) return <Navigate replace to={accountPath(`${pathname}${search}`, found.data)} />
  return <Notice tone="bad">{t.checkout.unknown}</Notice>
}

/** Asks one account after the other, because the answer of most users is the first. */
async function accountOf(sessionId: string, signal: AbortSignal): Promise<string | null> {
  const accounts = await api.accounts.list.query(undefined, { signal })
  for (const { id, kind, role } of accounts) {
    if (kind === 'personal' || !mayBill(role)) continue
    try {
      await api.billing.subscriptions.sync.mutate({ accountId: id, sessionId }, { signal })
      return id
    } catch (error) {
      const isForeign = isTollgateError(error, 'SESSION_NOT_FOUND') || isTollgateError(error, 'ACCOUNT_NOT_FOUND')
      if (!isForeign && !isTollgateError(error, 'ROLE_REQUIRED')) throw error
    }
  }
  return null
}
