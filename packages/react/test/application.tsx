import { keepPreviousData, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { errorText, isTollgateError, reasonText, type TollgateClient } from '@tollgate/client'
import { StrictMode, useState, type ReactNode } from 'react'
import {
  RequireSession,
  TollgateProvider,
  useAccount,
  useEntitlement,
  usePlans,
  useSession,
  useTollgate,
  useTrial,
  type AccountChoice,
  type NoSession,
  type TollgateProviderProps,
} from '../src/index.ts'

/** With defaults that must not matter to the hooks. */
export const aQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: { queries: { placeholderData: keepPreviousData, throwOnError: true, retryDelay: 1 } },
  })

type ApplicationProps = AccountChoice & {
  client: TollgateClient
  queryClient?: QueryClient
  initialSession?: TollgateProviderProps['initialSession']
  children?: ReactNode
}

/** An application with a pricing page for everyone, and a page for users. */
export function Application({ queryClient, children, ...rest }: ApplicationProps) {
  const [own] = useState(aQueryClient)
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient ?? own}>
        <TollgateProvider {...rest}>
          {children ?? (
            <>
              <Pricing />
              <RequireSession fallback={(state) => <WithoutSession state={state} />}>
                <Page />
              </RequireSession>
            </>
          )}
        </TollgateProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}

function Pricing() {
  const state = usePlans()
  return <p id="plans">{state.status === 'ready' ? state.plans.map(({ name }) => name).join() : state.status}</p>
}

function WithoutSession({ state }: { state: NoSession }) {
  switch (state.status) {
    case 'loading':
      return <p id="page">loading</p>
    case 'error':
      return (
        <p id="page">
          {errorText(state.error)} <button onClick={() => state.retry()}>Try again</button>
        </p>
      )
    case 'out':
      return <p id="page">Please log in. {state.because ? reasonText(state.because) : ''}</p>
  }
}

function Page() {
  const session = useSession()
  const { refresh } = useTollgate()
  const [typed, type] = useState('nothing')
  return (
    <div id="page">
      <p id="user">{session.status === 'in' ? session.user.username : session.status}</p>
      <button id="type" onClick={() => type('something')}>
        typed {typed}
      </button>
      <button id="refresh" onClick={() => void refresh()}>
        Refresh
      </button>
      <Switcher />
      <p id="projects">
        <Usage feature="projects" />
      </p>
      {session.status === 'in' && (
        <button id="log-out" onClick={() => void session.logOut()}>
          Log out
        </button>
      )}
    </div>
  )
}

export function Switcher() {
  const state = useAccount()
  if (state.status !== 'ready' && state.status !== 'not-found') return <p id="account">{state.status}</p>
  return (
    <>
      <p id="account">{state.status === 'ready' ? state.account.name : `no account ${state.accountId}`}</p>
      {state.accounts.map(({ id }) => (
        <button key={id} id={`to-${id}`} onClick={() => state.switchTo(id)}>
          {id}
        </button>
      ))}
    </>
  )
}

export function FreeTrial() {
  const { status, isAvailable } = useTrial()
  return (
    <p id="trial">
      {status}: {String(isAvailable)}
    </p>
  )
}

export function Usage({ feature }: { feature: string }) {
  const state = useEntitlement(feature)
  if (state.status === 'ready') return `${state.used} of ${state.limit}${state.allowed ? '' : ', no more'}`
  if (state.status !== 'error') return state.status
  return (
    <>
      {isTollgateError(state.error) ? state.error.data.reason : errorText(state.error)}{' '}
      <button onClick={() => state.retry()}>Try again</button>
    </>
  )
}
