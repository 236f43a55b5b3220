/** A React program that shows what the hooks say, logs in, and logs out. It prints the version of React. */
export const APPLICATION = `import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTollgateClient } from '@tollgate/client'
import { RequireSession, TollgateProvider, useAccount, useEntitlement, usePlans, useSession } from '@tollgate/react'
import { JSDOM } from 'jsdom'
import { StrictMode, version } from 'react'

const dom = new JSDOM('<div id="root"></div>')
const [url = '', email = '', password = ''] = process.argv.slice(2)
const client = createTollgateClient({ url, cookies: 'memory' })
Object.assign(globalThis, { window: dom.window, document: dom.window.document })
Object.defineProperty(globalThis, 'navigator', { value: dom.window.navigator, configurable: true })
const { createRoot } = await import('react-dom/client')

function Details() {
  const [session, account, plans, feature] = [useSession(), useAccount(), usePlans(), useEntitlement('no-such-feature')]
  return (
    <p>
      {session.status === 'in' ? session.user.username : session.status} {account.status === 'ready' ? account.account.kind : account.status}{' '}
      {plans.status === 'ready' ? typeof plans.plans.length : plans.status} {feature.status}
    </p>
  )
}
createRoot(dom.window.document.querySelector('#root')!).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <TollgateProvider client={client}>
        <RequireSession fallback={(state) => <p>{state.status}</p>}>
          <Details />
        </RequireSession>
      </TollgateProvider>
    </QueryClientProvider>
  </StrictMode>,
)
async function shows(text: string) {
  const until = Date.now() + 30_000
  const shown = () => dom.window.document.body.textContent
  while (shown() !== text) {
    if (Date.now() > until) throw new Error('It shows ' + shown() + ', not ' + text)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
await shows('out')
await client.api.auth.login.mutate({ email, password })
await shows(client.session.current?.user.username + ' personal number not-found')
await client.api.auth.logout.mutate()
await shows('out')
console.log(version)
process.exit(0)
`
