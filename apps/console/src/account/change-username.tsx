import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { notify } from '../parts/notify.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** The username, and a form to take another one. */
export function ChangeUsername() {
  const user = useUser()
  const queryClient = useQueryClient()
  const [isChanging, setChanging] = useState(false)
  const change = useMutation(
    trpc.auth.changeUsername.mutationOptions({
      onSuccess({ user: changed }) {
        queryClient.setQueryData(trpc.auth.me.queryKey(), changed)
        void queryClient.invalidateQueries(trpc.accounts.list.queryFilter())
        setChanging(false)
        notify(t.account.username.done(changed.username))
      },
    }),
  )
  return (
    <section className="card" aria-labelledby="own-username">
      <h2 id="own-username">{t.account.username.title}</h2>
      <p>{user?.username}</p>
      {isChanging ? (
        <Form
          submit={t.account.username.submit}
          isNext
          busy={change.isPending}
          error={change.error}
          fieldOf={{ USERNAME_TAKEN: 'username' }}
          onSubmit={(read) => change.mutate({ username: read('username') })}
        >
          <Field
            name="username"
            label={t.account.username.field}
            hint={t.auth.usernameHint}
            minLength={3}
            pattern="[A-Za-z0-9_.\-]*"
            data-mismatch={t.auth.usernameProblem}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </Form>
      ) : (
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => setChanging(true)}>
            {t.account.username.change}
          </button>
        </p>
      )}
    </section>
  )
}
