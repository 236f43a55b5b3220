import { useMutation } from '@tanstack/react-query'
import { Link, Navigate, useSearchParams } from 'react-router'
import { trpc } from '../api.ts'
import { localPath } from '../local-path.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../use-user.ts'
import { explainReason } from '../words/reasons.ts'

/** `?error=` says why somebody was sent here, `?redirectTo=` where they go afterwards. */
export function LogIn() {
  const user = useUser()
  const [query] = useSearchParams()
  const next = localPath(query.get('redirectTo'))
  const sentBecause = query.get('error')
  const logIn = useMutation(trpc.auth.login.mutationOptions())

  if (user) return <Navigate replace to={next ?? '/subscription'} />
  return (
    <Page title="Log in" narrow>
      {sentBecause && !logIn.error && <Notice tone="bad">{explainReason(sentBecause)}</Notice>}
      <Form
        submit="Log in"
        busy={logIn.isPending}
        error={logIn.error}
        onSubmit={(read) => logIn.mutate({ email: read('email'), password: read('password') })}
      >
        <Field name="email" label="E-mail address" type="email" autoComplete="username" required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <p className="quiet">
        New here? <Link to={next ? `/signup?redirectTo=${encodeURIComponent(next)}` : '/signup'}>Sign up</Link>
      </p>
    </Page>
  )
}
