// A React program of a user of the packages, type-checked where only the packed ones and their peers are installed.
import { QueryClient, useQuery } from '@tanstack/react-query'
import { createTollgateClient, definePlans, type AppRouter, type SessionEndReason } from '@tollgate/client'
import {
  RequireSession,
  TollgateProvider,
  useAccount,
  useEntitlement,
  usePlans,
  useSession,
  useTrial,
} from '@tollgate/react'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'

const plans = definePlans({
  features: ['exports', 'projects'],
  plans: {
    free: { name: 'Free', tier: 'free', prices: [{ billingPeriod: 'monthly', currency: 'usd', priceCents: 0 }] },
    pro: { name: 'Pro', tier: 'pro', prices: [{ billingPeriod: 'monthly', currency: 'usd', priceCents: 900 }] },
  },
})

declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

const client = createTollgateClient({ url: 'http://127.0.0.1:3000' })
const trpc = createTRPCOptionsProxy<AppRouter>({ client: client.api, queryClient: new QueryClient() })

export function App() {
  return (
    <TollgateProvider client={client} accountId={null} onAccountChange={(id: string | null) => void id}>
      <RequireSession fallback={({ status }) => <p>{status satisfies 'loading' | 'error' | 'out'}</p>}>
        <Page />
      </RequireSession>
    </TollgateProvider>
  )
}

export const Mistakes = () => (
  <>
    {/* @ts-expect-error -- the client is missing */}
    <TollgateProvider />
    {/* @ts-expect-error -- the application keeps the account, so it must take the choice */}
    <TollgateProvider client={client} accountId="a" children />
    {/* @ts-expect-error -- a guard says what it shows instead */}
    <RequireSession children />
  </>
)

function Page() {
  const session = useSession()
  const account = useAccount()
  const { allowed } = useEntitlement('exports') satisfies { allowed: boolean }
  // @ts-expect-error -- exprots is no feature
  useEntitlement('exprots')
  // @ts-expect-error -- there may be no user
  void session.user
  if (session.status === 'out') return session.because satisfies SessionEndReason | null
  if (session.status !== 'in' || account.status !== 'ready') return null
  // @ts-expect-error -- the API never returns a password
  void session.user.passwordHash
  return allowed ? <Money accountId={account.account.id} /> : session.user.username
}

/** Calls of its own, through tRPC's integration of TanStack Query. */
function Money({ accountId }: { accountId: string }) {
  const onSale = usePlans()
  const trial = useTrial()
  if (trial.isAvailable) return trial.status satisfies 'ready'
  const { data } = useQuery(trpc.billing.subscriptions.current.queryOptions({ accountId }))
  // @ts-expect-error -- an account is named by its id
  useQuery(trpc.billing.subscriptions.current.queryOptions({ account: accountId }))
  // @ts-expect-error -- no such procedure
  void trpc.billing.subscriptions.present
  if (onSale.status === 'error') return String(onSale.error)
  if (onSale.status === 'ready') {
    onSale.plans.map(({ code, currency }) =>
      trpc.billing.subscriptions.previewChange.queryOptions({ planCode: code, currency }),
    )
    // @ts-expect-error -- prro is no plan
    onSale.plans.find(({ code }) => code === 'prro')
    // @ts-expect-error -- prro is no tier
    onSale.plans.find(({ tier }) => tier === 'prro')
  }
  // @ts-expect-error -- prro is no plan
  useQuery(trpc.billing.subscriptions.previewChange.queryOptions({ planCode: 'prro' }))
  // @ts-expect-error -- no plan is sold in euros
  useQuery(trpc.billing.subscriptions.previewChange.queryOptions({ planCode: 'pro', currency: 'eur' }))
  // @ts-expect-error -- a subscription has no owner
  void data?.owner
  return data?.plan.name satisfies string | undefined
}
