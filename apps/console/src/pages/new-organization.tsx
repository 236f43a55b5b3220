import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { accountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Creates an organization, and goes on to its members. */
export function NewOrganization() {
  const user = useUser()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const create = useMutation(
    trpc.accounts.create.mutationOptions({
      async onSuccess({ id }) {
        await queryClient.invalidateQueries(trpc.accounts.list.queryFilter())
        await navigate(accountPath('/members', id))
      },
    }),
  )
  return (
    <Page title={t.members.create.title} narrow>
      {user?.isVerified ? (
        <>
          <p className="lead">{t.members.create.lead}</p>
          <Form
            submit={t.members.create.submit}
            busy={create.isPending}
            error={create.error}
            onSubmit={(read) => create.mutate({ name: read('name') })}
          >
            <Field name="name" label={t.members.create.name} autoComplete="organization" required />
          </Form>
        </>
      ) : (
        <VerificationNotice />
      )}
    </Page>
  )
}
