import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { t } from '../texts/catalogue.ts'

/** Changes the organization's name. */
export function Rename({ organization }: { organization: Account }) {
  const queryClient = useQueryClient()
  const rename = useMutation(
    trpc.accounts.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.accounts.pathFilter()),
    }),
  )
  return (
    <section className="card" aria-label={t.members.rename.section}>
      <Form
        submit={t.members.rename.submit}
        busy={rename.isPending}
        error={rename.error}
        onSubmit={(read) => rename.mutate({ accountId: organization.id, name: read('name') })}
      >
        <Field
          name="name"
          label={t.members.rename.name}
          autoComplete="organization"
          defaultValue={organization.name}
          required
        />
        {rename.isSuccess && <Notice tone="good">{t.members.rename.saved}</Notice>}
      </Form>
    </section>
  )
}
