import { useQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { PROVIDERS } from './providers.ts'
import { SendPasswordLink } from './send-password-link.tsx'

/** For an account that has no password. */
export function SetPassword() {
  const user = useUser()
  const identities = useQuery({ ...trpc.identities.list.queryOptions(), enabled: user?.isVerified === true })
  if (!user) return null
  const linked = PROVIDERS.filter(({ provider }) => identities.data?.some((each) => each.provider === provider))
  const own = PROVIDERS.filter(({ provider }) => provider === user.provider)
  const names = (linked.length > 0 ? linked : own).map(({ title }) => title)
  return (
    <section className="card" aria-labelledby="set-password">
      <h2 id="set-password">{t.account.setPassword.title}</h2>
      <p>{t.account.setPassword.why(new Intl.ListFormat(undefined, { type: 'conjunction' }).format(names))}</p>
      <SendPasswordLink email={user.email} />
    </section>
  )
}
