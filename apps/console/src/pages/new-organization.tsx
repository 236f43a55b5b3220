import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { accountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'

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
    <Page title="Create an organization" narrow>
      {user?.isVerified ? (
        <>
          <p className="lead">An organization has members and a plan of its own. You become its owner.</p>
          <Form
            submit="Create it"
            busy={create.isPending}
            error={create.error}
            onSubmit={(read) => create.mutate({ name: read('name') })}
          >
            <Field name="name" label="Name" autoComplete="organization" required />
          </Form>
        </>
      ) : (
        <VerificationNotice />
      )}
    </Page>
  )
}
