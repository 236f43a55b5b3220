import type { RouterInputs } from '@tollgate/client'
import { api } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { ActProblem } from '../kit/act-problem.ts'
import { Act, type ReadField } from '../kit/act.tsx'
import { Choices, chosenOf } from '../kit/choices.tsx'
import { endOfDay } from '../kit/end-of-day.ts'
import { t } from '../texts/catalogue.ts'

type Scope = RouterInputs['admin']['serviceKeys']['create']['scopes'][number]

const words = t.programs.keys
const SCOPES: readonly Scope[] = [
  'introspect',
  'users:read',
  'accounts:read',
  'entitlements:read',
  'usage:write',
  'events:read',
  'admin',
]
const scopesOf = (read: ReadField) => chosenOf(read, 'scopes', SCOPES)

/** Creates a key, and shows it once. */
export function CreateKeyAct() {
  return (
    <Act
      open={words.create}
      title={words.createTitle}
      confirm={words.createConfirm}
      done={words.createdDone}
      consequences={(read) => [...(scopesOf(read).includes('admin') ? [words.createAll] : []), ...words.createEffects]}
      run={(read) => {
        const scopes = scopesOf(read)
        const expiresAt = endOfDay(read('expiresAt'))
        if (scopes.length === 0) throw new ActProblem(words.noScope)
        return api.admin.serviceKeys.create.mutate({
          name: read('name').trim(),
          scopes,
          ...(expiresAt && { expiresAt }),
        })
      }}
      secretOf={({ key }) => ({
        title: words.secretTitle,
        label: words.secret,
        value: key,
        note: words.secretNote,
      })}
    >
      <Field name="name" label={words.name} hint={words.nameHint} required maxLength={100} autoComplete="off" />
      <Choices
        name="scopes"
        label={words.scopes}
        hint={words.scopesHint}
        options={SCOPES.map((scope) => ({ value: scope, label: words.scope(scope, words.scopeNames[scope]) }))}
      />
      <Field name="expiresAt" label={words.expires} hint={words.expiresHint} type="date" />
    </Act>
  )
}
