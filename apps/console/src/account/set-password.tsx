import { useMutation, useQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { PROVIDERS } from './providers.ts'

/** For an account that has no password. The link goes by email, so that a borrowed browser is not enough to set one. */
export function SetPassword() {
  const user = useUser()
  const identities = useQuery({ ...trpc.identities.list.queryOptions(), enabled: user?.isVerified === true })
  const send = useMutation(trpc.auth.forgotPassword.mutationOptions())
  if (!user) return null
  const linked = PROVIDERS.filter(({ provider }) => identities.data?.some((each) => each.provider === provider))
  const own = PROVIDERS.filter(({ provider }) => provider === user.provider)
  const names = (linked.length > 0 ? linked : own).map(({ title }) => title)
  return (
    <section className="card" aria-labelledby="set-password">
      <h2 id="set-password">{t.account.setPassword.title}</h2>
      <p>{t.account.setPassword.why(new Intl.ListFormat(undefined, { type: 'conjunction' }).format(names))}</p>
      {send.error && (
        <Notice tone="bad">
          <Problem error={send.error} />
        </Notice>
      )}
      {send.isSuccess ? (
        <Notice tone="good">{t.account.setPassword.sent(user.email)}</Notice>
      ) : (
        <p className="actions">
          <BusyButton busy={send.isPending} onClick={() => send.mutate({ email: user.email })}>
            {t.account.setPassword.submit}
          </BusyButton>
        </p>
      )}
    </section>
  )
}
