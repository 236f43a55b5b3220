import { useMutation } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { useKeepSubscription } from './use-subscription.ts'

/** Undoes a cancellation. */
export function ResumeSubscription({ onResumed }: { onResumed: () => void }) {
  const account = useAccountInput()
  const resume = useMutation(trpc.billing.subscriptions.resume.mutationOptions(useKeepSubscription()))
  return (
    <>
      <BusyButton busy={resume.isPending} onClick={() => resume.mutate(account, { onSuccess: onResumed })}>
        {t.billing.keep}
      </BusyButton>
      {resume.error && (
        <p role="alert">
          <Problem error={resume.error} />
        </p>
      )}
    </>
  )
}
