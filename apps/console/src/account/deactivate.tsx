import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { t } from '../texts/catalogue.ts'

/** Closes the user's account after a confirmation. */
export function Deactivate() {
  const navigate = useNavigate()
  const deactivate = useMutation(
    trpc.auth.deactivate.mutationOptions({
      onSuccess: () => navigate('/account-closed', { replace: true }), // the client has ended the session
    }),
  )
  return (
    <section className="card" aria-labelledby="deactivate">
      <h2 id="deactivate">{t.account.deactivate.title}</h2>
      <p>{t.account.deactivate.what}</p>
      <div className="actions">
        <Confirm
          open={t.account.deactivate.open}
          question={t.account.deactivate.question}
          consequences={[t.account.deactivate.devices, t.account.deactivate.subscription, t.account.deactivate.final]}
          yes={t.account.deactivate.yes}
          no={t.account.deactivate.no}
          busy={deactivate.isPending}
          error={deactivate.error}
          onClose={deactivate.reset}
          onYes={() => deactivate.mutate()}
        />
      </div>
    </section>
  )
}
