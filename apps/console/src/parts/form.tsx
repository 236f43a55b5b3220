import { errorText, isTollgateError, type Reason } from '@tollgate/client'
import { createContext, useEffect, useRef, type ReactNode } from 'react'
import { BusyButton } from './busy-button.tsx'
import { Notice } from './notice.tsx'

/** Error messages by field name. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({})

interface FormProps {
  /** `read` returns the value of a field. */
  onSubmit: (read: (field: string) => string) => void
  busy: boolean
  error: unknown
  /** Reasons that concern a single field. Their message appears beside it. */
  fieldOf?: Partial<Record<Reason, string>>
  /** The button's label; null while the form must not be sent. */
  submit: string | null
  /** `bad`: the button destroys something. */
  tone?: 'bad'
  /** The user has just asked for this form, so its first field gets the focus. */
  isNext?: boolean
  children: ReactNode
}

/** Fields and a submit button. Errors from the backend appear beside their field, or else at the top. */
export function Form({ onSubmit, busy, error, fieldOf = {}, submit, tone, isNext = false, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  const errors = fieldErrorsOf(error, fieldOf)
  const isElsewhere = error !== null && Object.keys(errors).length === 0

  useEffect(() => {
    if (isNext) form.current?.querySelector('input')?.focus()
  }, [isNext])

  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])

  return (
    <form
      ref={form}
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        onSubmit((field) => textOf(data.get(field)))
      }}
    >
      {isElsewhere && <Notice tone="bad">{errorText(error)}</Notice>}
      <FieldErrors value={errors}>{children}</FieldErrors>
      {submit !== null && (
        <BusyButton type="submit" busy={busy} data-tone={tone}>
          {submit}
        </BusyButton>
      )}
    </form>
  )
}

function fieldErrorsOf(error: unknown, fieldOf: Partial<Record<Reason, string>>): Record<string, string> {
  if (!isTollgateError(error)) return {}
  const { reason, fieldErrors } = error.data
  const field = fieldOf[reason]
  return field ? { [field]: errorText(error) } : (fieldErrors ?? {})
}

const textOf = (value: FormDataEntryValue | null) => (typeof value === 'string' ? value : '')
